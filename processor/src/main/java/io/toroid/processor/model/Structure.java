package io.toroid.processor.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How Java holds what an entry takes or returns: tensors, in records, arrays and lists, as deep as the author likes. Its leaves in order
 * are the entry's inputs or outputs.
 */
public sealed interface Structure {

    /** How many tensors it holds. */
    int count();

    /** What a leaf is in the model, and what in the façade. */
    enum Kind {
        /** A {@code Tensor}; in the façade an array, or a tensor in native memory. */
        TENSOR,
        /** A {@code Tensor} without dimensions; in the façade a {@code float}, a {@code boolean} and so on. */
        VALUE,
        /** A {@code Size}; in the façade a {@code long}. */
        SIZE
    }

    /**
     * One tensor.
     *
     * @param declared what its {@code @Spec} says if it is an output that has one, else empty
     */
    record Leaf(Kind kind, String declared) implements Structure {

        public Leaf(Kind kind) {
            this(kind, "");
        }

        @Override
        public int count() {
            return 1;
        }
    }

    /**
     * A record.
     *
     * @param className binary name
     * @param simpleName its simple name
     * @param members its components
     */
    record Group(String className, String simpleName, List<Member> members) implements Structure {

        public Group {
            members = List.copyOf(members);
        }

        @Override
        public int count() {
            return members.stream().mapToInt(member -> member.value().count()).sum();
        }
    }

    /** A component of a record, or a parameter. */
    record Member(String name, Structure value) {
    }

    /** An array, or a {@code List}: both are arrays in the façade, whose overloads could not differ in what lists hold. */
    record Sequence(boolean isList, List<Structure> elements) implements Structure {

        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public int count() {
            return elements.stream().mapToInt(Structure::count).sum();
        }
    }

    /** An array or a {@code List} that an entry is declared to return: how many elements it has is known once the entry has run. */
    record Many(boolean isList, Structure element) implements Structure {

        @Override
        public int count() {
            throw new IllegalStateException("not traced yet");
        }
    }

    /** A record of tensors. */
    static Group group(String className, String simpleName, List<String> names) {
        return new Group(className, simpleName, names.stream().map(name -> new Member(name, new Leaf(Kind.TENSOR))).toList());
    }

    /** Its leaves, in order. */
    default Stream<Leaf> leaves() {
        return switch (this) {
            case Leaf leaf -> Stream.of(leaf);
            case Group(_, _, List<Member> members) -> members.stream().flatMap(member -> member.value().leaves());
            case Sequence(_, List<Structure> elements) -> elements.stream().flatMap(Structure::leaves);
            case Many(_, Structure element) -> element.leaves();
        };
    }

    /** The same with the leaves that have to be memory as tensors; one flag for each leaf is taken. */
    default Structure withMemory(Iterator<Boolean> leaves) {
        return switch (this) {
            case Leaf leaf -> leaves.next() ? new Leaf(Kind.TENSOR, leaf.declared()) : leaf;
            case Group(String className, String simpleName, List<Member> members) -> new Group(className, simpleName,
                    members.stream().map(member -> new Member(member.name(), member.value().withMemory(leaves))).toList());
            case Sequence(boolean isList, List<Structure> elements) ->
                new Sequence(isList, elements.stream().map(element -> element.withMemory(leaves)).toList());
            case Many many -> many;
        };
    }

    /** The names of its leaves: {@code sample.pixels}, {@code parts.0}. */
    default List<String> names(String name) {
        List<String> names = new ArrayList<>();
        switch (this) {
            case Leaf _ -> names.add(name);
            case Group(_, _, List<Member> members) -> members.forEach(member -> names.addAll(member.value().names(join(name, member.name()))));
            case Sequence(_, List<Structure> elements) -> {
                for (int i = 0; i < elements.size(); i++) {
                    names.addAll(elements.get(i).names(join(name, Integer.toString(i))));
                }
            }
            case Many _ -> throw new IllegalStateException("not traced yet");
        }
        return names;
    }

    /** The names of outputs: the components of a record stand for themselves. */
    default List<String> outputNames() {
        return names(this instanceof Group ? "" : "output");
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
