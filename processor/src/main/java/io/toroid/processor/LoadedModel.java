package io.toroid.processor;

import io.toroid.op.TensorData;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A traced model, compiled for this machine and loaded into this JVM, with one entry to run on values. */
final class LoadedModel extends CompiledModel {

    private LoadedModel(Path directory, String name) {
        super(file -> url(directory.resolve(file)), name, LoadOptions.defaults());
    }

    /** What the first entry gives. */
    static List<TensorData> run(TracedModel model, List<TensorData> inputs) {
        CompiledFiles files = Pipeline.compile(model, CompileOptions.parse(Map.of(CompileOptions.ISA, "native")));
        try {
            Path directory = Files.createTempDirectory("toroid");
            try {
                for (Map.Entry<String, byte[]> file : files.resources().entrySet()) {
                    Files.createDirectories(directory.resolve(file.getKey()).getParent());
                    Files.write(directory.resolve(file.getKey()), file.getValue());
                }
                try (LoadedModel loaded = new LoadedModel(directory, model.className())) {
                    return loaded.run(inputs);
                }
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<TensorData> run(List<TensorData> inputs) {
        NativeTensor[] in = inputs.stream().map(NativeTensor::of).toArray(NativeTensor[]::new);
        NativeTensor[] out = run(0, in);
        try {
            return Arrays.stream(out).map(NativeTensor::data).toList();
        } finally {
            Stream.of(in, out).flatMap(Stream::of).forEach(NativeTensor::close);
        }
    }

    private static URL url(Path file) {
        try {
            return Files.exists(file) ? file.toUri().toURL() : null;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
