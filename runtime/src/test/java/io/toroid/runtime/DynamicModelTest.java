package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Here the compiler is not on the class path. */
@Tag("native")
class DynamicModelTest {

    @TempDir
    private Path directory;

    private static String load(Path files) {
        ToroidException e = assertThrows(ToroidException.class, () -> DynamicModel.load(
                new RuntimeCompiler.Built(TinyModel.NAME, files, /* isTemporary= */ true, List.of()), LoadOptions.defaults()));
        assertEquals(0, ThreadPool.count(), "nothing is left of the model");
        return e.getMessage() + "\n" + Stream.of(e.getSuppressed()).map(Throwable::getMessage).collect(Collectors.joining("\n"));
    }

    @Test
    void whatIsLoadedNeedsNoFiles() throws IOException {
        TinyModel.write(directory);
        try (DynamicModel model = DynamicModel.load(
                new RuntimeCompiler.Built(TinyModel.NAME, directory, /* isTemporary= */ true, List.of()), LoadOptions.defaults())) {
            assertTrue(Files.notExists(directory));
            assertEquals(29.375, ((double[]) model.call("scale", (Object) new float[1][3])[1])[0]);
        }
    }

    @Test
    void aDirectoryThatCannotBeDeletedDoesNotHideWhyNothingIsLoaded() {
        String messages = load(directory.resolve("absent"));
        assertTrue(messages.startsWith("the resource " + ModelManifest.resource(TinyModel.NAME) + " is missing: "), messages);
        assertTrue(messages.contains("\nthe temporary directory " + directory.resolve("absent") + " of " + TinyModel.NAME + " cannot be deleted: java.nio.file.NoSuchFileException"), messages);
    }

    @Test
    void aDirectoryThatCannotBeDeletedLeavesNoModel() throws IOException {
        Path archive = directory.resolve("model.zip");
        TinyModel.write(directory.resolve("classes"));
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true")); Stream<Path> files = Files.walk(directory.resolve("classes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = zip.getPath(directory.resolve("classes").relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("accessMode", "readOnly"))) {
            assertEquals("the temporary directory / of io.toroid.runtime.Tiny cannot be deleted: java.nio.file.ReadOnlyFileSystemException; "
                    + "with a cache there is none: name a directory for it by the option toroid.cache\n", load(zip.getPath("/")));
        }
    }

    @Test
    void aMissingCompilerIsSaidWithWhereToGetIt() {
        assertEquals("java.lang.Object cannot be compiled, because Toroid's compiler is missing: add the artifact io.toroid:toroid-processor to the class path",
                assertThrows(ToroidException.class, () -> DynamicModel.compile(new Object())).getMessage());
    }
}
