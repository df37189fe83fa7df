package io.toroid.processor.codegen.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import io.toroid.Tensor;
import io.toroid.op.TensorType;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TracedEntry;
import java.util.ArrayList;
import java.util.List;

/** The expression that makes what a method returns of the array {@code results}. */
final class ResultValues {

    private final FacadeTypes types;
    private final TracedEntry entry;
    private final View view;
    private final List<TensorType> leaves;
    private int next;

    ResultValues(FacadeTypes types, TracedEntry entry, View view) {
        this.types = types;
        this.entry = entry;
        this.view = view;
        this.leaves = entry.outputs().stream().map(Tensor::type).toList();
    }

    CodeBlock value() {
        return value(entry.descriptor().output());
    }

    private CodeBlock value(Structure structure) {
        return switch (structure) {
            case Structure.Leaf(Structure.Kind kind, _) -> leaf(kind, next++);
            case Structure.Group(_, _, List<Structure.Member> members) -> {
                TypeName type = type(structure);
                yield CodeBlock.of("new $T($L)", type, join(members.stream().map(Structure.Member::value).toList()));
            }
            case Structure.Sequence(_, List<Structure> elements) -> {
                ArrayTypeName type = (ArrayTypeName) type(structure);
                yield CodeBlock.of("new $T {$L}", type, join(elements));
            }
            case Structure.Many _ -> throw new IllegalArgumentException("not traced yet");
        };
    }

    private CodeBlock join(List<Structure> parts) {
        List<CodeBlock> values = new ArrayList<>();
        parts.forEach(part -> values.add(value(part)));
        return CodeBlock.join(values, ", ");
    }

    /** Of a structure whose first leaf is the next. */
    private TypeName type(Structure structure) {
        return types.of(structure, view, leaves.listIterator(next), new FacadeTypes.Use(entry.name(), "returns"));
    }

    private CodeBlock leaf(Structure.Kind kind, int index) {
        if (view == View.ARRAYS) {
            return CodeBlock.of("($T) results[$L]", FacadeTypes.arrayType(leaves.get(index)), index);
        }
        if (kind == Structure.Kind.TENSOR) {
            return CodeBlock.of("results[$L]", index);
        }
        return CodeBlock.of("$L(results[$L])", switch (leaves.get(index).dtype()) {
            case F32, F16, BF16 -> "takeFloat";
            case F64 -> "takeDouble";
            case I64 -> "takeLong";
            case I32 -> "takeInt";
            case I16 -> "takeShort";
            case I8, U8 -> "takeByte";
            case BOOL -> "takeBoolean";
        }, index);
    }
}
