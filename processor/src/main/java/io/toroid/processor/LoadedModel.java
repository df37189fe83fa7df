package io.toroid.processor;

import io.toroid.op.TensorData;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.DynamicModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A traced model, compiled for this machine and loaded into this JVM, with one entry to run on values. */
final class LoadedModel {

    private LoadedModel() {
    }

    /** What the first entry gives. */
    static List<TensorData> run(TracedModel model, List<TensorData> inputs) {
        CompileOptions options = CompileOptions.parse(Map.of(CompileOptions.ISA, "native"));
        try (DynamicModel loaded = DynamicModel.load(RunningCompiler.build(model, options), LoadOptions.defaults())) {
            NativeTensor[] in = inputs.stream().map(NativeTensor::of).toArray(NativeTensor[]::new);
            NativeTensor[] out = loaded.run(loaded.entries().getFirst(), in);
            try {
                return Arrays.stream(out).map(NativeTensor::data).toList();
            } finally {
                Stream.of(in, out).flatMap(Stream::of).forEach(NativeTensor::close);
            }
        }
    }
}
