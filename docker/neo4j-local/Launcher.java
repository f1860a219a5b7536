import java.nio.file.Path;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** Runs Neo4j community in this process: Launcher HOME PORT, the password in NEO4J_PASSWORD. */
public class Launcher {
    public static void main(String[] args) {
        var address = new SocketAddress("127.0.0.1", Integer.parseInt(args[1]));
        var service = new DatabaseManagementServiceBuilder(Path.of(args[0]))
            .setConfig(GraphDatabaseSettings.auth_enabled, true)
            .setConfig(GraphDatabaseSettings.pagecache_memory, 256L << 20)
            .setConfig(GraphDatabaseSettings.keep_logical_logs, "256M size")
            .setConfig(GraphDatabaseSettings.udc_enabled, false)
            .setConfig(BoltConnector.enabled, true)
            .setConfig(BoltConnector.listen_address, address)
            .build();
        Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
        try {
            // Also when the user exists: ALTER USER refuses a password that is the old one.
            service.database("system").executeTransactionally(
                "CREATE OR REPLACE USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED",
                Map.of("password", System.getenv("NEO4J_PASSWORD")));
        } catch (RuntimeException error) {
            System.err.println("Neo4j refused the password: " + error.getMessage());
            System.exit(1);
        }
        if (System.getenv("NEO4J_UNTIL_EOF") != null) {
            new Thread(() -> {
                try (var input = System.in) {
                    while (input.read() >= 0) { }
                } catch (java.io.IOException gone) {
                    // The same as the end of the input: whoever started us is gone.
                }
                System.exit(0);
            }).start();
        }
        System.out.println("Neo4j is ready at bolt://127.0.0.1:" + args[1]);
    }
}
