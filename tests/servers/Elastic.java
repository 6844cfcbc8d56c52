import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One Elasticsearch node in this JVM, from its published jars, for tests on the loopback
 * interface: without the bootstrap of the distribution, hence without its checks and
 * its security. Argument: the home folder with config/, modules/ and data/.
 */
final class Elastic {
    public static void main(String[] arguments) throws Exception {
        var home = Path.of(arguments[0]);
        LogConfigurator.registerErrorListener();
        LogConfigurator.configureESLogging();
        var given = Settings.builder().put("path.home", home.toString()).build();
        var environment = InternalSettingsPreparer.prepareEnvironment(
            given, Map.of(), home.resolve("config"), () -> "test");
        LogConfigurator.setNodeName("test");
        LogConfigurator.configure(environment, true);

        // On the class path the server is no named module, so its exports are not looked for.
        var plugins = PluginsLoader.createPluginsLoader(
            modules(home.resolve("modules")), Set.of(), Map.of(), false);
        var node = new Node(environment, plugins);
        var closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.prepareForClose();
                node.close();
                node.awaitClose(20, TimeUnit.SECONDS);
            } catch (Exception error) {
                error.printStackTrace();
            } finally {
                closed.countDown();
            }
        }));
        node.start();
        closed.await();
    }

    /** 8.19 takes the folder, 9.x a flag as well: looked up, so that one text serves both. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Set modules(Path folder) throws Exception {
        var method = Arrays.stream(PluginsLoader.class.getMethods())
            .filter(m -> m.getName().equals("loadModulesBundles")).findFirst().orElseThrow();
        return (Set) (method.getParameterCount() == 1
            ? method.invoke(null, folder) : method.invoke(null, folder, false));
    }
}
