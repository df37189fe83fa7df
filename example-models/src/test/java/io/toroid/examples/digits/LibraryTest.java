package io.toroid.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.NativeHeaders;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A compiled library shows the documented functions and needs the C library alone. */
@Tag("native")
class LibraryTest {
    /** What the linker puts into every shared library, whether it is there at run time or not. */
    private static final Set<String> WEAK =
            Set.of("_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable", "__cxa_finalize", "__gmon_start__");

    @ParameterizedTest
    @CsvSource({"DigitsMlp, x86-64-v3", "DigitsMlp, x86-64-v4", "DigitsCnn, x86-64-v3", "DigitsCnn, x86-64-v4"})
    void symbols(String model, String isa) throws Exception {
        Path library = library(model, isa);
        Set<String> exported = new TreeSet<>();
        for (String line : run("nm", "-D", library.toString())) {
            String[] words = line.strip().split("\\s+");
            switch (words[words.length - 2]) {
                case "T" -> exported.add(words[2]);
                case "w" -> assertTrue(WEAK.contains(words[1].replaceAll("@.*", "")), line);
                case "U" -> assertTrue(words[1].contains("@GLIBC_"), line);
                default -> throw new AssertionError("a symbol of an unexpected kind: " + line);
            }
        }
        assertEquals(documented(), exported);
        Set<String> needed = run("readelf", "-d", library.toString()).stream().filter(line -> line.contains("(NEEDED)"))
                .map(line -> line.replaceAll(".*\\[(.*)]", "$1")).collect(Collectors.toSet());
        needed.removeAll(Set.of("libc.so.6", "libm.so.6", "libpthread.so.0", "ld-linux-x86-64.so.2"));
        assertEquals(Set.of(), needed);
    }

    private static Set<String> documented() {
        return Pattern.compile("\\w+(?=;)").matcher(NativeHeaders.exports()).results()
                .map(result -> result.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Path library(String model, String isa) throws URISyntaxException {
        String resource = "/META-INF/toroid/io.toroid.examples.digits." + model + "/" + isa + ".so";
        return Path.of(LibraryTest.class.getResource(resource).toURI());
    }

    private static List<String> run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return process.inputReader().lines().toList();
    }
}
