package io.toroid.processor.frontend;

import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.runtime.weights.Safetensors;
import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.Filer;
import javax.tools.FileObject;
import javax.tools.StandardLocation;

/**
 * Finds and opens the weight file that a model names: a resource of the module being compiled or of its class path,
 * or a file in the directory that the user's option names.
 */
public final class WeightFiles {

    private final Filer filer;
    private final Optional<Path> directory;

    public WeightFiles(Filer filer, Optional<Path> directory) {
        this.filer = filer;
        this.directory = directory;
    }

    /** @throws ProblemException if there is none, or it is not a weight file */
    public WeightSource open(String name) {
        if (name.isEmpty()) {
            return new None();
        }
        try {
            return find(name);
        } catch (WeightFormatException e) {
            throw unreadable(name, e.getMessage());
        } catch (IOException e) {
            throw unreadable(name, e.toString());
        }
    }

    private WeightSource find(String name) throws IOException {
        List<String> searched = new ArrayList<>();
        if (directory.isPresent()) {
            Path file = directory.get().resolve(name);
            if (Files.isRegularFile(file)) {
                return Safetensors.open(file);
            }
            searched.add(directory.get().toString());
        }
        for (StandardLocation location : List.of(
                StandardLocation.CLASS_OUTPUT, StandardLocation.SOURCE_PATH, StandardLocation.CLASS_PATH)) {
            Optional<WeightSource> found = resource(location, name);
            if (found.isPresent()) {
                return found.get();
            }
            searched.add(describe(location));
        }
        throw new ProblemException(List.of(Problem.at(
                new Place.Weights(), Diagnostic.WEIGHTS_NOT_FOUND, name, String.join(", ", searched))));
    }

    private Optional<WeightSource> resource(StandardLocation location, String name) throws IOException {
        FileObject file;
        try {
            file = filer.getResource(location, "", name);
            if ("file".equals(file.toUri().getScheme())) {
                Path path = Path.of(file.toUri());
                return Files.isRegularFile(path) ? Optional.of(Safetensors.open(path)) : Optional.empty();
            }
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
        return copy(file).map(Temporary::new);
    }

    /** A resource of an archive, unpacked, since weight files are mapped. */
    private static Optional<Path> copy(FileObject file) throws IOException {
        Path path = Files.createTempFile("toroid", ".safetensors");
        try (InputStream stream = file.openInputStream()) {
            Files.copy(stream, path, StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(path);
        } catch (IOException | IllegalStateException _) {
            Files.delete(path);
            return Optional.empty();
        }
    }

    private static String describe(StandardLocation location) {
        return switch (location) {
            case CLASS_OUTPUT -> "the class output";
            case SOURCE_PATH -> "the source path";
            case CLASS_PATH -> "the class path";
            default -> location.getName();
        };
    }

    private static ProblemException unreadable(String name, String why) {
        return new ProblemException(List.of(Problem.at(new Place.Weights(), Diagnostic.WEIGHTS_UNREADABLE, name, why)));
    }

    /** The weights of a model without a file. */
    private record None() implements WeightSource {

        @Override
        public Set<String> names() {
            return Set.of();
        }

        @Override
        public io.toroid.runtime.weights.WeightTensor get(String name) {
            throw new IllegalArgumentException("the model has no weight file, so there is no tensor '%s'".formatted(name));
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    /** An unpacked file, deleted when it is closed. */
    private static final class Temporary implements WeightSource {

        private final Path file;
        private final Safetensors weights;

        Temporary(Path file) {
            this.file = file;
            try {
                this.weights = Safetensors.open(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Set<String> names() {
            return weights.names();
        }

        @Override
        public io.toroid.runtime.weights.WeightTensor get(String name) {
            return weights.get(name);
        }

        @Override
        public void close() {
            weights.close();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
