package io.toroid.processor.codegen.java;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import io.toroid.Tensor;
import io.toroid.processor.model.Structure;
import java.util.ArrayList;
import java.util.List;

/** Expressions for the tensors and values in the parameters of a method: {@code pixels}, {@code sample.labels()}, {@code parts[1]}. */
final class InputLeaves {

    private record Leaf(Structure.Kind kind, CodeBlock expression) {
    }

    private final String constant;
    private final MethodSpec.Builder method;
    private final List<Leaf> leaves = new ArrayList<>();

    /** Adds to the method that what holds tensors is there: records are not null, arrays have the right length. */
    InputLeaves(String constant, MethodSpec.Builder method, List<Structure.Member> parameters) {
        this.constant = constant;
        this.method = method;
        parameters.forEach(parameter -> add(parameter.value(), CodeBlock.of("$N", parameter.name()), parameter.name()));
    }

    private void add(Structure structure, CodeBlock expression, String name) {
        switch (structure) {
            case Structure.Leaf(Structure.Kind kind, _) -> leaves.add(new Leaf(kind, expression));
            case Structure.Group(_, _, List<Structure.Member> members) -> {
                method.addStatement("require($L, $S, $L)", constant, name, expression);
                members.forEach(member ->
                        add(member.value(), CodeBlock.of("$L.$N()", expression, member.name()), name + "." + member.name()));
            }
            case Structure.Sequence(_, List<Structure> elements) -> {
                method.addStatement("require($L, $S, $L, $L)", constant, name, expression, elements.size());
                for (int i = 0; i < elements.size(); i++) {
                    add(elements.get(i), CodeBlock.of("$L[$L]", expression, i), name + "." + i);
                }
            }
            case Structure.Many _ -> throw new IllegalArgumentException("an input has a length");
        }
    }

    /** All of them, in order. */
    List<CodeBlock> all() {
        return leaves.stream().map(Leaf::expression).toList();
    }

    /** The tensors; null in the place of each value. */
    List<CodeBlock> tensors() {
        return leaves.stream().map(leaf -> leaf.kind() == Structure.Kind.TENSOR ? leaf.expression() : CodeBlock.of("null")).toList();
    }

    /** The bits of the values; 0 in the place of each tensor. */
    List<CodeBlock> values(List<Tensor> inputs) {
        List<CodeBlock> values = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            CodeBlock value = leaves.get(i).expression();
            values.add(leaves.get(i).kind() == Structure.Kind.TENSOR ? CodeBlock.of("0") : switch (inputs.get(i).dtype()) {
                case F32, F64, BOOL -> CodeBlock.of("bits($L)", value);
                case F16 -> CodeBlock.of("bitsOfHalf($L)", value);
                case BF16 -> CodeBlock.of("bitsOfBrainFloat($L)", value);
                case I64, I32, I16, I8, U8 -> value;
            });
        }
        return values;
    }
}
