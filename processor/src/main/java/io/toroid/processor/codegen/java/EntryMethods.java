package io.toroid.processor.codegen.java;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import io.toroid.Tensor;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorType;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TracedEntry;
import io.toroid.runtime.NativeTensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** The methods of one entry. */
final class EntryMethods {

    /** Nested arrays of more ranks than this are no pleasure. */
    private static final int MAX_ARRAY_RANK = 4;

    private final TracedEntry entry;
    private final String constant;
    private final FacadeTypes types;
    /** How to call {@code run} with any number of tensors: an entry of that name might be meant otherwise. */
    private final String run;
    private final List<Structure.Member> parameters;
    private final Structure output;

    EntryMethods(TracedEntry entry, String constant, FacadeTypes types, boolean runIsAnEntry) {
        this.run = runIsAnEntry ? "super.run" : "run";
        this.entry = entry;
        this.constant = constant;
        this.types = types;
        this.parameters = entry.descriptor().parameters();
        this.output = entry.descriptor().output();
    }

    /** Name of the entry's number in the native library. */
    String constant() {
        return constant;
    }

    List<MethodSpec> methods() {
        List<MethodSpec> methods = new ArrayList<>();
        if (hasArrays()) {
            methods.add(onArrays());
        }
        if (methods.isEmpty() || !parameterTypes(View.ARRAYS).equals(parameterTypes(View.TENSORS))) {
            methods.add(allocating());
        }
        methods.add(intoBuffers());
        return methods;
    }

    /** {@code classify(pixels: f32[batch, 64]) -> f32[batch, 10]}. */
    static String signature(TracedEntry entry) {
        String inputs = entry.inputs().stream()
                .map(input -> input.origin() + ": " + input.type()).collect(Collectors.joining(", "));
        return "%s(%s) -> %s".formatted(entry.name(), inputs, StructureText.of(entry.descriptor().output(), typesOf(entry.outputs())));
    }

    private static Iterator<TensorType> typesOf(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::type).iterator();
    }

    private boolean hasArrays() {
        return Stream.concat(entry.inputs().stream(), entry.outputs().stream()).allMatch(tensor -> tensor.dim() <= MAX_ARRAY_RANK)
                && entry.inputs().stream().noneMatch(entry.updates()::containsKey)
                && parameters.stream().allMatch(new Uniform(typesOf(entry.inputs()))::holds)
                && new Uniform(typesOf(entry.outputs())).holds(output);
    }

    /** Whether all elements of each array or list have arrays of the same type, for an array of them has one. */
    private record Uniform(Iterator<TensorType> leaves) {

        boolean holds(Structure.Member member) {
            return holds(member.value());
        }

        boolean holds(Structure structure) {
            return arrays(structure).stream().noneMatch(List::isEmpty);
        }

        /** The Java types of the leaves; an empty list stands for an array whose elements differ. */
        private List<List<TypeName>> arrays(Structure structure) {
            return switch (structure) {
                case Structure.Leaf _ -> List.of(List.of(FacadeTypes.arrayType(leaves.next())));
                case Structure.Group(_, _, List<Structure.Member> members) ->
                    members.stream().flatMap(member -> arrays(member.value()).stream()).toList();
                case Structure.Sequence(_, List<Structure> elements) -> {
                    List<List<List<TypeName>>> all = new ArrayList<>();
                    elements.forEach(element -> all.add(arrays(element)));
                    yield all.stream().distinct().count() == 1 ? all.getFirst() : List.of(List.of());
                }
                case Structure.Many _ -> throw new IllegalArgumentException("not traced yet");
            };
        }
    }

    private List<TypeName> parameterTypes(View view) {
        Iterator<TensorType> leaves = typesOf(entry.inputs());
        return parameters.stream()
                .map(parameter -> types.of(parameter.value(), view, leaves, new FacadeTypes.Use(entry.name(), "takes"))).toList();
    }

    private TypeName result(View view) {
        return types.of(output, view, typesOf(entry.outputs()), new FacadeTypes.Use(entry.name(), "returns"));
    }

    // ---- methods

    private MethodSpec onArrays() {
        MethodSpec.Builder method = method("Runs the entry on Java arrays, which are checked and copied.", View.ARRAYS);
        method.addJavadoc("@return {@code $L}$L\n", StructureText.of(output, typesOf(entry.outputs())), DataSizeText.of(entry.outputs()));
        InputLeaves inputs = new InputLeaves(constant, method, parameters);
        CodeBlock call = CodeBlock.of("runArrays($L, $L$L)", constant, inputs.all().size() == 1 ? "(Object) " : "",
                CodeBlock.join(inputs.all(), ", "));
        TypeName type = result(View.ARRAYS);
        if (output instanceof Structure.Leaf) {
            return method.returns(type).addStatement("return ($T) $L[0]", type, call).build();
        }
        return method.returns(type)
                .addStatement("Object[] results = $L", call)
                .addStatement("return $L", new ResultValues(types, entry, View.ARRAYS).value())
                .build();
    }

    private MethodSpec allocating() {
        boolean holdsTensors = output.leaves().anyMatch(leaf -> leaf.kind() == Structure.Kind.TENSOR);
        MethodSpec.Builder method = method(
                holdsTensors ? "Runs the entry; what it returns has memory of its own, to be closed by the caller." : "Runs the entry on tensors.",
                View.TENSORS);
        method.addJavadoc("@return {@code $L}$L\n", StructureText.of(output, typesOf(entry.outputs())), DataSizeText.of(entry.outputs()));
        InputLeaves inputs = new InputLeaves(constant, method, parameters);
        CodeBlock call = hasValues()
                ? CodeBlock.of("run($L, $L, $L)", constant, array(inputs.tensors()), values(inputs))
                : CodeBlock.of("$L($L, $L)", run, constant, CodeBlock.join(inputs.all(), ", "));
        TypeName type = result(View.TENSORS);
        if (output instanceof Structure.Leaf(Structure.Kind kind, _) && kind == Structure.Kind.TENSOR) {
            return method.returns(type).addStatement("return $L[0]", call).build();
        }
        return method.returns(type)
                .addStatement("$T[] results = $L", NativeTensor.class, call)
                .addStatement("return $L", new ResultValues(types, entry, View.TENSORS).value())
                .build();
    }

    private MethodSpec intoBuffers() {
        MethodSpec.Builder method = method("Runs the entry into tensors of the caller's; nothing is allocated.", View.TENSORS);
        OutputBuffers buffers = new OutputBuffers(entry, parameters.stream().map(Structure.Member::name).toList());
        buffers.declare(method);
        InputLeaves inputs = new InputLeaves(constant, method, parameters);
        List<CodeBlock> outputs = buffers.leaves(constant, method);
        int count = inputs.all().size() + outputs.size();
        CodeBlock in = CodeBlock.join(inputs.all(), ", ");
        CodeBlock out = CodeBlock.join(outputs, ", ");
        if (hasValues()) {
            return method.addStatement("run($L, $L, $L, $L)", constant, array(inputs.tensors()), values(inputs), array(outputs)).build();
        }
        return switch (count) {
            case 2 -> method.addStatement("run1($L, $L, $L)", constant, in, out).build();
            case 3, 4 -> method.addStatement("run$L($L, $L, $L, $L)", count, constant, inputs.all().size(), in, out).build();
            default -> method.addStatement("run($L, $L, $L)", constant, array(inputs.all()), array(outputs)).build();
        };
    }

    private boolean hasValues() {
        return parameters.stream().flatMap(parameter -> parameter.value().leaves()).anyMatch(leaf -> leaf.kind() != Structure.Kind.TENSOR);
    }

    private static CodeBlock array(List<CodeBlock> tensors) {
        return CodeBlock.of("new $T[] {$L}", NativeTensor.class, CodeBlock.join(tensors, ", "));
    }

    private CodeBlock values(InputLeaves inputs) {
        return CodeBlock.of("new long[] {$L}", CodeBlock.join(inputs.values(entry.inputs()), ", "));
    }

    private MethodSpec.Builder method(String what, View view) {
        MethodSpec.Builder method = MethodSpec.methodBuilder(entry.name())
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("$L\n\n", what);
        List<TypeName> javaTypes = parameterTypes(view);
        int first = 0;
        for (int i = 0; i < parameters.size(); i++) {
            Structure.Member parameter = parameters.get(i);
            List<Tensor> leaves = entry.inputs().subList(first, first += parameter.value().count());
            method.addJavadoc("@param $L {@code $L}$L$L\n", parameter.name(), StructureText.of(parameter.value(), typesOf(leaves)), ranges(leaves),
                    updates(parameter, leaves));
            method.addParameter(javaTypes.get(i), parameter.name());
        }
        return method;
    }

    private String updates(Structure.Member parameter, List<Tensor> leaves) {
        List<Tensor> updated = leaves.stream().filter(entry.updates()::containsKey).toList();
        if (updated.isEmpty()) {
            return "";
        }
        String which = parameter.value() instanceof Structure.Leaf ? "it"
                : updated.stream().map(leaf -> leaf.origin().toString()).collect(Collectors.joining(", "));
        return "; %s %s updated: the call writes into its memory, which must not be read-only or used for anything else of the call"
                .formatted(which, updated.size() == 1 ? "is" : "are");
    }

    private String ranges(List<Tensor> leaves) {
        String ranges = entry.descriptor().dims().stream()
                .filter(dim -> leaves.stream().anyMatch(leaf -> mentions(leaf, dim.name())))
                .map(DimDescriptor::toString)
                .collect(Collectors.joining("; "));
        return ranges.isEmpty() ? "" : ", " + ranges;
    }

    private static boolean mentions(Tensor input, String dim) {
        return input.shape().sizes().stream().flatMap(size -> size.symbols().stream()).anyMatch(symbol -> symbol.name().equals(dim))
                || input.origin() instanceof Placeholder placeholder
                && placeholder.symbol().filter(symbol -> symbol.name().equals(dim)).isPresent();
    }
}
