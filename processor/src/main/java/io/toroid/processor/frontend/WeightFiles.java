package io.toroid.processor.frontend;

import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.weights.OnnxInitializers;
import io.toroid.runtime.weights.Safetensors;
import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
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

/**
 * Finds and opens the weight file that a model names: a resource, or a file in the directory that the user's option names. Its suffix says what it is: {@code .onnx} an ONNX model,
 * everything else safetensors.
 */
public final class WeightFiles {

    private static final String ONNX = ".onnx";

    private final List<ResourcePlace> places;
    private final Optional<Path> directory;

    /** @param places of resources, looked through in this order, after the directory */
    public WeightFiles(List<ResourcePlace> places, Optional<Path> directory) {
        this.places = List.copyOf(places);
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
                return read(file);
            }
            searched.add(directory.get().toString());
        }
        for (ResourcePlace place : places) {
            Optional<WeightSource> found = resource(place, name);
            if (found.isPresent()) {
                return found.get();
            }
            searched.add(place.description());
        }
        throw new ProblemException(List.of(Problem.at(
                new Place.Weights(), Diagnostic.WEIGHTS_NOT_FOUND, name, String.join(", ", searched))));
    }

    private static WeightSource read(Path file) throws IOException {
        return file.toString().endsWith(ONNX) ? OnnxInitializers.open(file) : Safetensors.open(file);
    }

    private static Optional<WeightSource> resource(ResourcePlace place, String name) throws IOException {
        Optional<ResourcePlace.Resource> file;
        try {
            file = place.search().find(name);
            if (file.isPresent() && "file".equals(file.get().uri().getScheme())) {
                Path path = Path.of(file.get().uri());
                return Files.isRegularFile(path) ? Optional.of(read(path)) : Optional.empty();
            }
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> unpacked = copy(file.get(), name.endsWith(ONNX) ? ONNX : ".safetensors");
        return unpacked.isEmpty() ? Optional.empty() : Optional.of(Temporary.of(unpacked.get()));
    }

    /** A resource of an archive, unpacked, since weight files are mapped. */
    private static Optional<Path> copy(ResourcePlace.Resource file, String suffix) throws IOException {
        Path path = Files.createTempFile("toroid", suffix);
        try (InputStream stream = file.opening().open()) {
            Files.copy(stream, path, StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(path);
        } catch (IOException | IllegalStateException _) {
            Files.delete(path);
            return Optional.empty();
        }
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
        public WeightTensor get(String name) {
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
        private final WeightSource weights;

        private Temporary(Path file, WeightSource weights) {
            this.file = file;
            this.weights = weights;
        }

        static Temporary of(Path file) throws IOException {
            try {
                return new Temporary(file, read(file));
            } catch (IOException | RuntimeException e) {
                Files.delete(file);
                throw e;
            }
        }

        @Override
        public Set<String> names() {
            return weights.names();
        }

        @Override
        public WeightTensor get(String name) {
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
