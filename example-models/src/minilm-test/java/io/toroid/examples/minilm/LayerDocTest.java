package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation shows the code that is generated. {@code -Dtoroid.golden=docs} writes it anew. */
class LayerDocTest {

    private static final Path DOCUMENT = Path.of("../docs/a-layer-in-cpp.md");

    private static final Path SOURCES =
            Path.of("target/generated-sources/annotations/toroid", MiniLm.class.getName());

    private static final Pattern BLOCK = Pattern.compile("<!-- begin (calls|kernel) (.+?) -->\n(?:.*?\n)??<!-- end", Pattern.DOTALL);

    @Test
    void theDocumentationShowsWhatIsGenerated() throws IOException {
        String text = Files.readString(DOCUMENT);
        String renewed = BLOCK.matcher(text).replaceAll(block -> Matcher.quoteReplacement(
                "<!-- begin %s %s -->\n```cpp\n%s```\n<!-- end".formatted(block.group(1), block.group(2), code(block.group(1), block.group(2)))));
        if (System.getProperty("toroid.golden") != null) {
            Files.writeString(DOCUMENT, renewed);
        }
        assertEquals(renewed, text);
    }

    private static String code(String kind, String what) {
        return kind.equals("calls") ? calls(what) : kernel(what);
    }

    /** Some of the calls in the function of the entry {@code embed}, counted from 0. */
    private static String calls(String range) {
        String[] bounds = range.split(" ");
        return lines("wrapper").dropWhile(line -> !line.startsWith("bool embed_run")).filter(line -> line.startsWith("  cpp_"))
                .skip(Integer.parseInt(bounds[0])).limit(Integer.parseInt(bounds[1]))
                .map(line -> line.strip() + "\n").reduce("", String::concat);
    }

    /** The function that has the given operators, the one called most often if there are several. */
    private static String kernel(String operators) {
        Pattern call = Pattern.compile("  (cpp_fused_" + operators + "_\\d+)\\(.*");
        List<String> names = lines("wrapper").map(call::matcher).filter(Matcher::matches).map(matcher -> matcher.group(1)).toList();
        String name = names.stream().max((one, other) ->
                Long.compare(count(names, one), count(names, other))).orElseThrow();
        return lines(name).dropWhile(line -> !line.startsWith("// ")).takeWhile(line -> !line.startsWith("}  // namespace"))
                .reduce("", (text, line) -> text + line + "\n").strip() + "\n";
    }

    private static long count(List<String> names, String name) {
        return names.stream().filter(name::equals).count();
    }

    private static Stream<String> lines(String source) {
        try {
            return Files.readAllLines(SOURCES.resolve(source + ".cpp")).stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
