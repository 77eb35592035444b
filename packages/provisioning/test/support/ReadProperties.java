import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Loads each file that is named, once as Android loads the payload of an NFC record (UTF-8), and once as Java loads a file
 * (ISO-8859-1). Prints one JSON object a line: the properties, each nested text of properties loaded as well.
 */
public class ReadProperties {
    private static final String BUNDLE = "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE";

    public static void main(String[] files) throws IOException {
        for (String file : files) {
            byte[] bytes = Files.readAllBytes(Path.of(file));
            Properties asAndroid = load(new String(bytes, StandardCharsets.UTF_8));
            Properties asFile = new Properties();
            asFile.load(new ByteArrayInputStream(bytes));
            if (!asAndroid.equals(asFile)) {
                throw new IllegalStateException(file + " reads differently as UTF-8 and as ISO-8859-1");
            }
            System.out.println(json(asAndroid));
        }
    }

    private static Properties load(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        return properties;
    }

    private static String json(Properties properties) throws IOException {
        StringBuilder members = new StringBuilder();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            String value = properties.getProperty(key);
            members.append(members.length() == 0 ? "" : ",").append(quoted(key)).append(":");
            members.append(key.equals(BUNDLE) ? json(load(value)) : quoted(value));
        }
        return "{" + members + "}";
    }

    /** Every character as its escape, so that no encoding of the output can blur the answer. */
    private static String quoted(String text) {
        return text.chars().mapToObj(unit -> String.format("\\u%04x", unit)).collect(Collectors.joining("", "\"", "\""));
    }
}
