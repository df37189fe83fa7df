package io.toroid.processor.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.op.Parameter;
import io.toroid.op.TensorType;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import io.toroid.shape.Shape;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ParameterBinderTest {

    private final SequencedMap<Parameter, List<String>> names = new LinkedHashMap<>();
    private final Set<String> inFile = new LinkedHashSet<>();

    private final WeightSource file = new WeightSource() {

        @Override
        public Set<String> names() {
            return inFile;
        }

        @Override
        public WeightTensor get(String name) {
            if (name.startsWith("half")) {
                throw new WeightFormatException("elements of F16");
            }
            return new WeightTensor(name, DType.F32, new long[] {2, 3}, MemorySegment.NULL);
        }

        @Override
        public void close() {
            // holds nothing
        }
    };

    private Parameter parameter(String... itsNames) {
        Parameter parameter = new Parameter(Parameter.Kind.PARAMETER, new TensorType(DType.F32, Shape.of(2, 3)));
        names.put(parameter, List.of(itsNames));
        return parameter;
    }

    private ParameterBinder.Binding bind() {
        return ParameterBinder.bind("w.safetensors", names, FileNames.same(), file);
    }

    private List<String> messages() {
        return bind().problems().stream().map(Problem::message).toList();
    }

    @Test
    void aSharedParameterMayStandUnderAnyOfItsNames() {
        Parameter tied = parameter("embedding.weight", "output.weight");
        parameter("norm.weight");
        inFile.addAll(List.of("norm.weight", "output.weight"));
        assertEquals(List.of(), messages());
        assertEquals(List.of("output.weight", "norm.weight"), List.copyOf(bind().parameters().keySet()));
        assertEquals(tied, bind().parameters().get("output.weight"));
    }

    @Test
    void aSharedParameterMayStandUnderAllOfItsNames() {
        parameter("embedding.weight", "output.weight");
        inFile.addAll(List.of("embedding.weight", "output.weight"));
        assertEquals(List.of(), messages());
        assertEquals(List.of("embedding.weight"), List.copyOf(bind().parameters().keySet()));
    }

    @Test
    void pytorchsCounterOfBatchesIsPassedOver() {
        inFile.add("bn1.num_batches_tracked");
        assertEquals(List.of(), messages());
    }

    @Test
    void anElementTypeThatTheRuntimeDoesNotHaveIsSaid() {
        parameter("half.weight");
        inFile.addAll(List.of("half.weight", "halfer"));
        assertEquals(List.of(
                Diagnostic.WEIGHT_TYPE.message("half.weight", "f32[2, 3]", "w.safetensors",
                        "elements of a type that Toroid does not have", "export the file with elements of f32"),
                Diagnostic.WEIGHT_SURPLUS.message("w.safetensors", "halfer", "elements of a type that Toroid does not have")), messages());
    }

    @Test
    void manyMisfitsAreSummedUp() {
        IntStream.range(0, 20).forEach(i -> parameter("layers." + i + ".attention.weight"));
        IntStream.range(0, 15).forEach(i -> inFile.add("blocks.h" + i));
        List<String> messages = messages();
        assertEquals(12 + 12 + 1, messages.size());
        assertEquals("[TOROID-404] the weight file \"w.safetensors\" has no tensor layers.0.attention.weight, a parameter f32[2, 3]; "
                + "export it too, or, if the file calls it otherwise, name it so by @Name; the file's names that nothing takes: blocks.h0, blocks.h1, blocks.h2, blocks.h3, blocks.h4, ...", messages.getFirst());
        assertEquals("[TOROID-409] 11 more parameters and tensors of \"w.safetensors\" do not fit each other; "
                + "if most names differ, override fields' parts of the names with @Name", messages.getLast());
    }

    @Test
    void missingWithNothingLeftOverSaysWhatToDo() {
        parameter("head.bias");
        assertEquals(List.of("[TOROID-404] the weight file \"w.safetensors\" has no tensor head.bias, a parameter f32[2, 3]; "
                + "export it too, or take the layer out of the model"), messages());
    }
}
