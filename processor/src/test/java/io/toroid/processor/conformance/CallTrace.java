package io.toroid.processor.conformance;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.TensorType;
import io.toroid.processor.conformance.RecordedCall.RecordedTensor;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TensorSpec;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.symbolic.SymjaSolver;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A recorded call as an entry of a model whose inputs are its tensors.
 *
 * <p>With dynamic shapes every size is a dimension of its own, with exceptions that PyTorch makes as well. A size of 1 stays 1, since a
 * dynamic dimension does not broadcast; one of 0 stays where the operator makes an exception for it, as {@code cat} does. And a
 * dimension that an argument pins to one value, as {@code [2, 3]} pins those of an expanded tensor, or that is the number of results,
 * as with {@code unbind}, has this value: a model with such a call cannot have it dynamic.
 *
 * @param key equal for calls that can share an entry: they differ in the values of tensors only
 */
public record CallTrace(RecordedCall call, String key, List<Tensor> inputs, List<Tensor> outputs, ShapeEnvironment environment) {

    private static final long MOST = 4096;
    private static final Pattern PINNED = Pattern.compile("for one value only of the dynamic (.*)", Pattern.DOTALL);
    private static final Pattern CUT = Pattern.compile("dimension (-?\\d+) of \\w+\\[(.*)] is dynamic, so the number of parts is not known");
    private static final Pattern DIMENSION = Pattern.compile("\\bs\\d+_\\d+\\b");

    /** @throws RuntimeException if the operator refuses the arguments */
    public static CallTrace of(RecordedCall call, boolean isDynamic) {
        Set<String> pinned = new HashSet<>();
        while (true) {
            try {
                return trace(call, isDynamic, pinned);
            } catch (TensorException refused) {
                if (!pinned.addAll(pinnedBy(refused)) && !pinned.addAll(empty(call))) {
                    throw refused;
                }
            }
        }
    }

    private static Set<String> pinnedBy(TensorException refused) {
        Set<String> dimensions = new HashSet<>();
        Matcher matcher = PINNED.matcher(refused.getMessage());
        if (matcher.find()) {
            Matcher dimension = DIMENSION.matcher(matcher.group(1));
            while (dimension.find()) {
                dimensions.add(dimension.group());
            }
        }
        Matcher cut = CUT.matcher(refused.getMessage());
        if (cut.find()) {
            String[] sizes = cut.group(2).split(", ");
            int dim = Integer.parseInt(cut.group(1));
            dimensions.add(sizes[dim < 0 ? dim + sizes.length : dim]);
        }
        return dimensions;
    }

    /** The dimensions of size 0. */
    private static Set<String> empty(RecordedCall call) {
        Set<String> dimensions = new HashSet<>();
        for (int input = 0; input < call.tensors().size(); input++) {
            long[] sizes = call.tensors().get(input).data().sizes();
            for (int axis = 0; axis < sizes.length; axis++) {
                if (sizes[axis] == 0) {
                    dimensions.add(name(input, axis));
                }
            }
        }
        return dimensions;
    }

    private static String name(int input, int axis) {
        return "s%d_%d".formatted(input, axis);
    }

    private static CallTrace trace(RecordedCall call, boolean isDynamic, Set<String> pinned) {
        ShapeEnvironment environment = new ShapeEnvironment(SymjaSolver::new);
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> outputs = Calling.results(call, tensor -> {
            Shape shape = shape(tensor, isDynamic, inputs.size(), pinned, environment);
            inputs.add(Tensor.placeholder("in" + inputs.size(), new TensorType(tensor.data().dtype(), shape), environment));
            return inputs.getLast();
        }, Tensor::constant);
        String key = Calling.textWithoutValues(call) + inputs.stream().map(Tensor::type).toList()
                + environment.dimensions().stream().map(symbol -> symbol.declared().min()).toList();
        return new CallTrace(call, key, List.copyOf(inputs), outputs, environment);
    }

    private static Shape shape(RecordedTensor tensor, boolean isDynamic, int input, Set<String> pinned, ShapeEnvironment environment) {
        long[] sizes = tensor.data().sizes();
        return new Shape(IntStream.range(0, sizes.length).mapToObj(axis -> {
            String name = name(input, axis);
            boolean isFixed = !isDynamic || sizes[axis] == 1 || pinned.contains(name);
            return isFixed ? Size.of(sizes[axis]) : environment.declare(name, Range.of(Math.min(1, sizes[axis]), Math.max(MOST, sizes[axis])));
        }).toList());
    }

    /** The entry of this name. */
    public TracedEntry entry(String name) {
        List<InputDescriptor> descriptors = IntStream.range(0, inputs.size()).mapToObj(i -> new InputDescriptor("in" + i, new TensorSpec(
                inputs.get(i).dtype(), inputs.get(i).shape().sizes().stream().map(Object::toString).toList()))).toList();
        List<String> names = IntStream.range(0, outputs.size()).mapToObj(i -> "out" + i).toList();
        List<DimDescriptor> dims = environment.dimensions().stream().map(symbol -> new DimDescriptor(symbol.name(),
                symbol.declared().min(), symbol.declared().max(), symbol.declared().multipleOf())).toList();
        return new TracedEntry(name, inputs, outputs, names, environment,
                new EntryDescriptor(name, descriptors, Structure.group("Results", "Results", names), dims));
    }
}
