package io.toroid.processor.codegen.java;

import io.toroid.op.TensorType;
import io.toroid.processor.model.Structure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** What a structure holds, for Javadoc: {@code f32[batch, 10]}, {@code (boxes: f32[n, 4], scores: f32[n])}, {@code 2 of f32[3]}. */
final class StructureText {

    private StructureText() {
    }

    /** @param leaves types of its leaves, in order; as many as it has are taken */
    static String of(Structure structure, Iterator<TensorType> leaves) {
        return switch (structure) {
            case Structure.Leaf _ -> leaves.next().toString();
            case Structure.Group(_, _, List<Structure.Member> members) -> members.stream()
                    .map(member -> member.name() + ": " + of(member.value(), leaves)).collect(Collectors.joining(", ", "(", ")"));
            case Structure.Sequence(_, List<Structure> elements) -> {
                List<String> texts = new ArrayList<>();
                elements.forEach(element -> texts.add(of(element, leaves)));
                yield texts.stream().distinct().count() == 1
                        ? "%d of %s".formatted(texts.size(), texts.getFirst()) : texts.toString();
            }
            case Structure.Many _ -> throw new IllegalArgumentException("not traced yet");
        };
    }
}
