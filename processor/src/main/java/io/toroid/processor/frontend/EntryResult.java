package io.toroid.processor.frontend;

import io.toroid.Tensor;
import io.toroid.op.TensorType;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes what an entry returned apart: the tensors in it, in order, and how many elements its arrays and lists have. */
final class EntryResult {

    private final EntryDescriptor entry;
    private final ShapeEnvironment environment;
    private final List<Tensor> tensors = new ArrayList<>();

    EntryResult(EntryDescriptor entry, ShapeEnvironment environment) {
        this.entry = entry;
        this.environment = environment;
    }

    /** The tensors of what has been taken, in order. */
    List<Tensor> tensors() {
        return tensors;
    }

    /**
     * Takes the result.
     *
     * @return the structure with the lengths of its arrays and lists
     * @throws ProblemException if something in it is null or not computed from the inputs, or not of the type that the entry declares
     */
    Structure take(Object result) throws InvocationTargetException {
        return take(entry.output(), result, "");
    }

    private Structure take(Structure declared, Object value, String path) throws InvocationTargetException {
        if (value == null) {
            throw refuse(path.isEmpty() ? "null" : "something whose " + path + " is null");
        }
        return switch (declared) {
            case Structure.Leaf leaf -> {
                tensors.add(leaf.kind() == Structure.Kind.SIZE ? Tensor.of((Size) value) : tensor(leaf, (Tensor) value, path));
                yield leaf;
            }
            case Structure.Group(String className, String simpleName, List<Structure.Member> members) -> {
                List<Structure.Member> taken = new ArrayList<>();
                for (Structure.Member member : members) {
                    taken.add(new Structure.Member(member.name(),
                            take(member.value(), component(value, member.name()), join(path, member.name()))));
                }
                yield new Structure.Group(className, simpleName, taken);
            }
            case Structure.Many(boolean isList, Structure element) -> {
                List<Structure> taken = new ArrayList<>();
                for (Object one : value instanceof List<?> list ? list : Arrays.asList((Object[]) value)) {
                    taken.add(take(element, one, join(path.isEmpty() ? "output" : path, Integer.toString(taken.size()))));
                }
                if (taken.isEmpty()) {
                    throw refuse(path.isEmpty() ? "nothing: its %s is empty".formatted(isList ? "list" : "array")
                            : "something whose %s is empty".formatted(path));
                }
                yield new Structure.Sequence(isList, taken);
            }
            case Structure.Sequence _ -> throw new IllegalArgumentException("an output has no length before it is traced");
        };
    }

    private Tensor tensor(Structure.Leaf leaf, Tensor tensor, String path) {
        if (tensor.evaluator().isPresent()) {
            throw refuse("a tensor that already holds values");
        }
        if (!leaf.declared().isEmpty()) {
            TensorType declared = SpecParser.parse(leaf.declared(), environment);
            if (!declared.equals(tensor.type())) {
                throw new ProblemException(List.of(Problem.at(new Place.Entry(entry.name()), Diagnostic.ENTRY_RESULT_TYPE,
                        entry.name(), path.isEmpty() ? "its result" : path, declared, tensor.type())));
            }
        }
        return tensor;
    }

    private static Object component(Object group, String name) throws InvocationTargetException {
        try {
            Method accessor = group.getClass().getMethod(name);
            accessor.setAccessible(true);
            return accessor.invoke(group);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException("a record without an accessor for " + name, e);
        }
    }

    private ProblemException refuse(String what) {
        return new ProblemException(List.of(
                Problem.at(new Place.Entry(entry.name()), Diagnostic.ENTRY_RESULT, entry.name(), what)));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
