package io.toroid.processor.frontend;

import io.toroid.Tensor;
import io.toroid.processor.model.Structure;
import io.toroid.shape.Size;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Makes the objects that an entry takes, around tensors and sizes. */
final class EntryArguments {

    private final ClassLoader classes;
    private final Iterator<?> leaves;

    /**
     * @param classes where the records are
     * @param leaves a {@code Tensor} or a {@code Size} for each leaf, in order
     */
    EntryArguments(ClassLoader classes, Iterator<?> leaves) {
        this.classes = classes;
        this.leaves = leaves;
    }

    /** The class that a parameter has, without what its elements are. */
    Class<?> type(Structure structure) throws ClassNotFoundException {
        return switch (structure) {
            case Structure.Leaf(Structure.Kind kind, _) -> kind == Structure.Kind.SIZE ? Size.class : Tensor.class;
            case Structure.Group group -> Class.forName(group.className(), /* initialize= */ true, classes);
            case Structure.Sequence(boolean isList, List<Structure> elements) ->
                isList ? List.class : type(elements.getFirst()).arrayType();
            case Structure.Many _ -> throw new IllegalArgumentException("an input has a length");
        };
    }

    /** @throws ReflectiveOperationException if a record cannot be made; of one that refuses, with its own exception as the cause */
    Object value(Structure structure) throws ReflectiveOperationException {
        return switch (structure) {
            case Structure.Leaf _ -> leaves.next();
            case Structure.Group group -> record(group);
            case Structure.Sequence(boolean isList, List<Structure> elements) -> {
                Object array = Array.newInstance(type(elements.getFirst()), elements.size());
                for (int i = 0; i < elements.size(); i++) {
                    Array.set(array, i, value(elements.get(i)));
                }
                yield isList ? List.of((Object[]) array) : array;
            }
            case Structure.Many _ -> throw new IllegalArgumentException("an input has a length");
        };
    }

    private Object record(Structure.Group group) throws ReflectiveOperationException {
        Class<?> type = type(group);
        Class<?>[] components = Stream.of(type.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(group.members().get(i).value());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(components);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }
}
