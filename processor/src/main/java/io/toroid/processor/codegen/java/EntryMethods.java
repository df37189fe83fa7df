package io.toroid.processor.codegen.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.toroid.Tensor;
import io.toroid.op.TensorType;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.OutputDescriptor;
import io.toroid.processor.model.TracedEntry;
import io.toroid.runtime.NativeTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** The methods of one entry. */
final class EntryMethods {

    /** Nested arrays of more ranks than this are no pleasure. */
    private static final int MAX_ARRAY_RANK = 4;
    private static final TypeName TENSOR = ClassName.get(NativeTensor.class);

    private final TracedEntry entry;
    private final String constant;
    private final List<String> inputNames;
    private final List<String> outputNames;
    private final Optional<TypeSpec> arrays;
    private final Optional<TypeSpec> tensors;

    EntryMethods(TracedEntry entry, String constant, ResultRecords records) {
        this.entry = entry;
        this.constant = constant;
        this.inputNames = entry.descriptor().inputs().stream().map(input -> input.name()).toList();
        this.outputNames = entry.outputNames().stream()
                .map(name -> inputNames.contains(name) ? name + "Output" : name).toList();
        if (entry.descriptor().output() instanceof OutputDescriptor.Group group) {
            this.arrays = hasArrays() ? Optional.of(records.ofArrays(group, entry)) : Optional.empty();
            this.tensors = Optional.of(records.ofTensors(group, entry));
        } else {
            this.arrays = Optional.empty();
            this.tensors = Optional.empty();
        }
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
        methods.add(allocating());
        methods.add(intoBuffers());
        return methods;
    }

    /** The records that the methods return. */
    List<TypeSpec> records() {
        return Stream.of(arrays, tensors).flatMap(Optional::stream).toList();
    }

    /** {@code classify(pixels: f32[batch, 64]) -> f32[batch, 10]}. */
    static String signature(TracedEntry entry) {
        String inputs = entry.inputs().stream()
                .map(input -> input.origin() + ": " + input.type()).collect(Collectors.joining(", "));
        return "%s(%s) -> %s".formatted(entry.name(), inputs, result(entry));
    }

    private static String result(TracedEntry entry) {
        return switch (entry.descriptor().output()) {
            case OutputDescriptor.Single() -> entry.outputs().getFirst().type().toString();
            case OutputDescriptor.Group _ -> IntStream.range(0, entry.outputs().size())
                    .mapToObj(i -> entry.outputNames().get(i) + ": " + entry.outputs().get(i).type())
                    .collect(Collectors.joining(", ", "(", ")"));
        };
    }

    /** {@code float[][]} for {@code f32} of rank 2, {@code float} for rank 0. */
    static TypeName arrayType(TensorType type) {
        TypeName name = switch (type.dtype()) {
            case F32, F16, BF16 -> TypeName.FLOAT;
            case F64 -> TypeName.DOUBLE;
            case I64 -> TypeName.LONG;
            case I32 -> TypeName.INT;
            case I16 -> TypeName.SHORT;
            case I8, U8 -> TypeName.BYTE;
            case BOOL -> TypeName.BOOLEAN;
        };
        for (int i = 0; i < type.shape().rank(); i++) {
            name = ArrayTypeName.of(name);
        }
        return name;
    }

    private boolean hasArrays() {
        return Stream.concat(entry.inputs().stream(), entry.outputs().stream()).allMatch(tensor -> tensor.dim() <= MAX_ARRAY_RANK)
                && entry.inputs().stream().noneMatch(entry.updates()::containsKey);
    }

    private MethodSpec onArrays() {
        MethodSpec.Builder method = method("Runs the entry on Java arrays, which are checked and copied.");
        for (int i = 0; i < inputNames.size(); i++) {
            method.addParameter(arrayType(entry.inputs().get(i).type()), inputNames.get(i));
        }
        method.addJavadoc("@return {@code $L}\n", result(entry));
        CodeBlock call = CodeBlock.of("runArrays($L, $L)", constant,
                inputNames.size() == 1 ? "(Object) " + inputNames.getFirst() : String.join(", ", inputNames));
        if (arrays.isEmpty()) {
            TypeName type = arrayType(entry.outputs().getFirst().type());
            return method.returns(type).addStatement("return ($T) $L[0]", type, call).build();
        }
        List<CodeBlock> values = IntStream.range(0, entry.outputs().size())
                .mapToObj(i -> CodeBlock.of("($T) results[$L]", arrayType(entry.outputs().get(i).type()), i)).toList();
        return method.returns(ClassName.bestGuess(arrays.get().name()))
                .addStatement("Object[] results = $L", call)
                .addStatement("return new $N($L)", arrays.get(), CodeBlock.join(values, ", "))
                .build();
    }

    private MethodSpec allocating() {
        MethodSpec.Builder method = method("Runs the entry; what it returns has memory of its own, to be closed by the caller.");
        inputNames.forEach(name -> method.addParameter(TENSOR, name));
        method.addJavadoc("@return {@code $L}\n", result(entry));
        CodeBlock call = CodeBlock.of("run($L, $L)", constant, String.join(", ", inputNames));
        if (tensors.isEmpty()) {
            return method.returns(TENSOR).addStatement("return $L[0]", call).build();
        }
        String values = IntStream.range(0, entry.outputs().size()).mapToObj(i -> "results[" + i + "]").collect(Collectors.joining(", "));
        return method.returns(ClassName.bestGuess(tensors.get().name()))
                .addStatement("$T[] results = $L", NativeTensor.class, call)
                .addStatement("return new $N($L)", tensors.get(), values)
                .build();
    }

    private MethodSpec intoBuffers() {
        MethodSpec.Builder method = method("Runs the entry into tensors of the caller's; nothing is allocated.");
        Stream.concat(inputNames.stream(), outputNames.stream())
                .forEach(name -> method.addParameter(ParameterSpec.builder(TENSOR, name).build()));
        for (int i = 0; i < outputNames.size(); i++) {
            method.addJavadoc("@param $L takes {@code $L}\n", outputNames.get(i), entry.outputs().get(i).type());
        }
        String inputs = String.join(", ", inputNames);
        String outputs = String.join(", ", outputNames);
        int count = inputNames.size() + outputNames.size();
        return switch (count) {
            case 2 -> method.addStatement("run1($L, $L, $L)", constant, inputs, outputs).build();
            case 3, 4 -> method.addStatement("run$L($L, $L, $L, $L)", count, constant, inputNames.size(), inputs, outputs).build();
            default -> method.addStatement("run($L, new $T[] {$L}, new $T[] {$L})",
                    constant, NativeTensor.class, inputs, NativeTensor.class, outputs).build();
        };
    }

    private MethodSpec.Builder method(String what) {
        MethodSpec.Builder method = MethodSpec.methodBuilder(entry.name())
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("$L\n\n", what);
        for (int i = 0; i < inputNames.size(); i++) {
            method.addJavadoc("@param $L {@code $L}$L$L\n", inputNames.get(i), entry.inputs().get(i).type(), ranges(entry.inputs().get(i)),
                    entry.isUpdated(i) ? "; it is updated: the call writes into its memory, which must not be read-only or used for anything else of the call" : "");
        }
        return method;
    }

    private String ranges(Tensor input) {
        String ranges = entry.descriptor().dims().stream()
                .filter(dim -> input.shape().sizes().stream()
                        .flatMap(size -> size.symbols().stream()).anyMatch(symbol -> symbol.name().equals(dim.name())))
                .map(DimDescriptor::toString)
                .collect(Collectors.joining("; "));
        return ranges.isEmpty() ? "" : ", " + ranges;
    }
}
