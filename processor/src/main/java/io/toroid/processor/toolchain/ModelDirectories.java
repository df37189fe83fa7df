package io.toroid.processor.toolchain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whole models by the hash of all that went into them, each a directory of resources beside the cache of artifacts: what a running JVM
 * compiled, to be loaded from where it is. A directory is moved to its name when it is complete, and away from it before it is deleted. The
 * eight that were used last are kept, and what was used within the last minute, which somebody may be about to load.
 */
public final class ModelDirectories {

    private static final int KEPT = 8;
    private static final Duration IN_USE = Duration.ofMinutes(1);
    private static final String UNFINISHED = "unfinished";

    private final Optional<Path> root;

    private ModelDirectories(Optional<Path> root) {
        this.root = root;
    }

    /** Beside the cache that {@link ArtifactCache#find} finds; if there is none, in temporary directories. */
    public static ModelDirectories find(Optional<Path> option, Map<String, String> environment) {
        return new ModelDirectories(ArtifactCache.find(option, environment).directory().map(directory -> directory.resolve("models")));
    }

    /**
     * A directory with a model's resources.
     *
     * @param isTemporary whether nobody else will use it
     */
    public record Found(Path directory, boolean isTemporary) {
    }

    /**
     * What is there, or is made now.
     *
     * @param inputs all that the resources depend on, but the compiler
     * @param compiler that would make them; if there is none, what any compiler made will do
     * @param resources makes them: contents by path
     */
    public Found get(List<String> inputs, Optional<CppCompiler> compiler, Supplier<Map<String, byte[]>> resources) throws IOException {
        if (root.isEmpty()) {
            Path directory = Files.createTempDirectory("toroid");
            write(directory, resources.get());
            return new Found(directory, /* isTemporary= */ true);
        }
        String name = Digest.of(inputs);
        Path directory = compiler.isPresent() ? root.get().resolve(name + "-" + Digest.of(compiler.get().key()).substring(0, 16))
                : ofAnyCompiler(root.get(), name).orElse(root.get().resolve(name));
        if (!use(directory)) {
            Map<String, byte[]> made = resources.get();
            Files.createDirectories(root.get());
            Path unfinished = Files.createTempDirectory(root.get(), UNFINISHED);
            write(unfinished, made);
            move(unfinished, directory);
            trim(root.get());
        }
        return new Found(directory, /* isTemporary= */ false);
    }

    /** Keeps a directory from being trimmed while it is loaded; false if there is none. */
    private static boolean use(Path directory) throws IOException {
        try {
            Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
            return true;
        } catch (NoSuchFileException absent) {
            return false;
        }
    }

    private static Optional<Path> ofAnyCompiler(Path root, String name) throws IOException {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try (Stream<Path> models = Files.list(root)) {
            return models.filter(model -> model.getFileName().toString().startsWith(name)).max(Comparator.comparing(ModelDirectories::lastUse));
        }
    }

    private static void write(Path directory, Map<String, byte[]> resources) throws IOException {
        for (Map.Entry<String, byte[]> resource : resources.entrySet()) {
            Path file = directory.resolve(resource.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, resource.getValue());
        }
    }

    /** Somebody else may have made the same meanwhile. */
    private static void move(Path unfinished, Path directory) throws IOException {
        use(unfinished);
        try {
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException _) {
            use(directory);
            delete(unfinished);
        }
    }

    private static void trim(Path root) throws IOException {
        List<Path> oldest;
        try (Stream<Path> models = Files.list(root)) {
            oldest = models.sorted(Comparator.comparing(ModelDirectories::lastUse).reversed()).skip(KEPT).toList();
        }
        for (Path model : oldest) {
            try {
                remove(model);
            } catch (IOException | UncheckedIOException deletedByAnother) {
                // The next trim tries again.
            }
        }
    }

    /** Nobody finds half of it; and who has begun to use it since the list was made gets it back. */
    private static void remove(Path model) throws IOException {
        if (isInUse(model)) {
            return;
        }
        Path away = model.resolveSibling(UNFINISHED + "-" + UUID.randomUUID());
        Files.move(model, away, StandardCopyOption.ATOMIC_MOVE);
        if (isInUse(away)) {
            Files.move(away, model, StandardCopyOption.ATOMIC_MOVE);
        } else {
            delete(away);
        }
    }

    private static boolean isInUse(Path model) {
        return lastUse(model).toInstant().isAfter(Instant.now().minus(IN_USE));
    }

    private static FileTime lastUse(Path directory) {
        try {
            return Files.getLastModifiedTime(directory);
        } catch (IOException goneMeanwhile) {
            return FileTime.fromMillis(0);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
