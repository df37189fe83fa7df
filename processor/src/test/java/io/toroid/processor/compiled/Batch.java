package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.ReducedFloats;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TensorSpec;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.eager.Eager;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** Cases as the entries of one model, with weights, and the eager interpreter to tell what they should give. */
public final class Batch {

    /** Where the walk for parameters begins. */
    private record Model(Map<String, Tensor> weight) {
    }

    private final String className;
    private final List<GraphCase> cases;
    private final List<TracedEntry> entries = new ArrayList<>();
    private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    private final SequencedMap<String, TensorData> weights = new LinkedHashMap<>();
    private final Eager eager;

    public Batch(String className, List<GraphCase> cases) {
        this.className = className;
        this.cases = List.copyOf(cases);
        this.cases.forEach(graphCase -> entries.add(trace(graphCase)));
        parameters.forEach((name, parameter) -> weights.put(name, weight(name, parameter)));
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, TensorData> values = new HashMap<>();
        parameters.forEach((name, parameter) -> {
            tensors.put(name, Tensor.leaf(parameter));
            values.put("weight." + name, weights.get(name));
        });
        this.eager = Eager.of(new Model(tensors), values);
    }

    public List<GraphCase> cases() {
        return cases;
    }

    public TracedModel model() {
        return new TracedModel(className, className + "Facade", entries, parameters, new Weights(weights));
    }

    // ---- tracing

    private TracedEntry trace(GraphCase graphCase) {
        ShapeEnvironment environment = new ShapeEnvironment();
        graphCase.ranges().forEach(environment::declare);
        List<Tensor> inputs = new ArrayList<>();
        List<InputDescriptor> descriptors = new ArrayList<>();
        for (String type : graphCase.inputs()) {
            int bracket = type.indexOf('[');
            DType dtype = DType.ofText(type.substring(0, bracket)).orElseThrow();
            Shape shape = Shape.parse(type.substring(bracket), environment::symbol);
            String name = "in" + inputs.size();
            inputs.add(Tensor.placeholder(name, new TensorType(dtype, shape), environment));
            descriptors.add(new InputDescriptor(name,
                    new TensorSpec(dtype, shape.sizes().stream().map(Object::toString).toList())));
        }
        List<Tensor> outputs = outputs(graphCase, new Operands(graphCase.name(), inputs, environment, parameters));
        List<String> names = IntStream.range(0, outputs.size()).mapToObj(i -> "out" + i).toList();
        List<DimDescriptor> dims = environment.dimensions().stream().map(symbol -> new DimDescriptor(symbol.name(),
                symbol.declared().min(), symbol.declared().max(), symbol.declared().multipleOf())).toList();
        EntryDescriptor descriptor = new EntryDescriptor(
                graphCase.name(), descriptors, Structure.group("Results", "Results", names), dims);
        return new TracedEntry(graphCase.name(), inputs, outputs, names, environment, descriptor);
    }

    private static List<Tensor> outputs(GraphCase graphCase, Operands operands) {
        try {
            return graphCase.outputs(operands);
        } catch (RuntimeException mistake) {
            throw new IllegalStateException("the case %s cannot be traced: %s".formatted(graphCase, mistake.getMessage()), mistake);
        }
    }

    // ---- values

    private static TensorData weight(String name, Parameter parameter) {
        Values values = name.contains("variance") ? Values.POSITIVE : Values.NORMAL;
        return values.fill(parameter.type().dtype(), parameter.type().shape().toArray(), new Random(name.hashCode()));
    }

    /** Inputs of one run of a case; the same every time. */
    public List<TensorData> inputs(int index, Map<String, Long> sizes) {
        GraphCase graphCase = cases.get(index);
        Random random = new Random(graphCase.name().hashCode() * 31L + sizes.hashCode());
        List<TensorData> values = new ArrayList<>();
        for (Tensor input : entries.get(index).inputs()) {
            long[] shape = input.shape().evaluate(symbol -> sizes.get(symbol.name()));
            values.add(graphCase.valuesOf(values.size()).fill(input.dtype(), shape, random));
        }
        return values;
    }

    /** What the graph as it was traced gives for these inputs. */
    public List<TensorData> expected(int index, List<TensorData> inputs) {
        TracedEntry entry = entries.get(index);
        Map<Placeholder, TensorData> values = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            values.put((Placeholder) entry.inputs().get(i).origin(), inputs.get(i));
        }
        return eager.run(entry.outputs(), values);
    }

    /** Weights on the heap. */
    private record Weights(Map<String, TensorData> tensors) implements WeightSource {

        @Override
        public Set<String> names() {
            return tensors.keySet();
        }

        @Override
        public WeightTensor get(String name) {
            TensorData data = tensors.get(name);
            MemorySegment bytes = switch (data.dtype()) {
                case F32 -> MemorySegment.ofArray(data.floats());
                case F64 -> MemorySegment.ofArray(data.doubles());
                case I64 -> MemorySegment.ofArray(data.longs());
                case I32 -> MemorySegment.ofArray(data.ints());
                case I16 -> MemorySegment.ofArray(data.shorts());
                case F16, BF16 -> MemorySegment.ofArray(bits(data));
                case I8, U8 -> MemorySegment.ofArray(data.bytes());
                case BOOL -> bytes(data.booleans());
            };
            MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes.byteSize())).asSlice(0, bytes.byteSize());
            copy.copyFrom(bytes);
            return new WeightTensor(name, data.dtype(), data.sizes(), copy);
        }

        private static short[] bits(TensorData data) {
            short[] bits = new short[data.count()];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = ReducedFloats.bits(data.dtype(), data.floats()[i]);
            }
            return bits;
        }

        private static MemorySegment bytes(boolean[] flags) {
            byte[] values = new byte[flags.length];
            Arrays.setAll(new Integer[flags.length], i -> (int) (values[i] = (byte) (flags[i] ? 1 : 0)));
            return MemorySegment.ofArray(values);
        }

        @Override
        public void close() {
        }
    }
}
