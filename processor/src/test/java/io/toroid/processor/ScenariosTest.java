package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models with those who use them, as users write them: the sources among the test resources under {@code scenarios} are compiled by one
 * javac with the processor, façades and libraries included; then the {@code check} of every class {@code ...Use} runs in this JVM.
 */
@Tag("native")
class ScenariosTest {

    @TempDir
    private static Path directory;

    private static URLClassLoader classes;

    private static List<Path> sources() {
        try (Stream<Path> files = Files.list(Path.of(ScenariosTest.class.getResource("/scenarios").toURI()))) {
            return files.sorted(Comparator.comparing(Path::getFileName)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> uses() {
        return sources().stream().map(file -> file.getFileName().toString()).filter(name -> name.endsWith("Use.java"))
                .map(name -> name.substring(0, name.length() - ".java".length())).toList();
    }

    @BeforeAll
    static void compile() throws IOException {
        JavacHarness project = new JavacHarness(directory).option("-Xlint:all,-processing").option("-Werror").option("-Atoroid.isa=native");
        for (Path source : sources()) {
            project.source("scenarios/" + source.getFileName(), Files.readString(source));
        }
        JavacHarness.Outcome outcome = project.compile(new ModelProcessor());
        assertEquals(List.of(), outcome.messages());
        classes = new URLClassLoader(new URL[] {project.classes().toUri().toURL()}, ScenariosTest.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        if (classes != null) {
            classes.close();
        }
    }

    @ParameterizedTest
    @MethodSource("uses")
    void whatAUserWritesWorks(String use) throws Throwable {
        try {
            classes.loadClass("scenarios." + use).getMethod("check").invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
