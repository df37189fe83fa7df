package io.toroid.processor.toolchain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A temporary directory, gone when the build is: the headers once, and a place of its own for each compile and link, so that
 * the names which the compiler sees are the same in every build.
 */
final class BuildDirectory implements AutoCloseable {
    private final Path root;
    private final Set<String> writtenHeaders = new HashSet<>();

    private BuildDirectory(Path root) {
        this.root = root;
    }

    static BuildDirectory create(Path parent) throws IOException {
        return new BuildDirectory(Files.createTempDirectory(parent, "toroid-build"));
    }

    synchronized void writeHeaders(Map<String, String> headers) throws IOException {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (writtenHeaders.add(header.getKey())) {
                Path file = root.resolve("include").resolve(header.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, header.getValue());
            }
        }
    }

    Place place(String isa, String key) throws IOException {
        return new Place(Files.createDirectories(root.resolve(isa).resolve(key)));
    }

    /** A directory for one process. */
    record Place(Path path) {
        /** The headers, as seen from here. */
        String include() {
            return "../../include";
        }

        void write(String name, String text) throws IOException {
            write(name, text.getBytes(StandardCharsets.UTF_8));
        }

        void write(String name, byte[] bytes) throws IOException {
            Files.write(path.resolve(name), bytes);
        }

        byte[] read(String name) throws IOException {
            return Files.readAllBytes(path.resolve(name));
        }
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
