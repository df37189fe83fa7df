package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document that shows output: a block between {@code <!-- begin name -->} and {@code <!-- end name -->} is output, the rest is
 * prose. {@code -Dtoroid.golden=src/test/resources} writes the blocks anew.
 */
final class DocumentBlocks {

    private static final Pattern BLOCK = Pattern.compile("<!-- begin (\\w+) -->\n(.*?)<!-- end \\1 -->\n", Pattern.DOTALL);

    private DocumentBlocks() {
    }

    /** A document of this project. */
    static Path document(String name) {
        return Path.of(System.getProperty("basedir", "."), "..", "docs", name);
    }

    /** The document shows exactly these blocks. */
    static void check(Path document, Map<String, String> blocks) throws IOException {
        String text = Files.readString(document);
        String renewed = renewed(text, blocks);
        if (System.getProperty("toroid.golden") != null) {
            Files.writeString(document, renewed);
        } else {
            assertEquals(renewed, text);
        }
    }

    static String fenced(String language, String text) {
        return "```" + language + "\n" + text.stripTrailing() + "\n```\n";
    }

    /** From a line on, until a line that ends it. */
    static String from(String text, String first, String last) {
        int start = text.indexOf(first);
        return text.substring(start, text.indexOf(last, start) + last.length());
    }

    private static String renewed(String document, Map<String, String> blocks) {
        TreeSet<String> shown = new TreeSet<>();
        String text = BLOCK.matcher(document).replaceAll(match -> {
            String name = match.group(1);
            assertTrue(blocks.containsKey(name), "no output is named " + name);
            shown.add(name);
            return Matcher.quoteReplacement("<!-- begin %1$s -->\n%2$s<!-- end %1$s -->\n".formatted(name, blocks.get(name)));
        });
        assertEquals(new TreeSet<>(blocks.keySet()), shown);
        return text;
    }
}
