package io.toroid.processor.codegen.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.toroid.op.TensorType;
import io.toroid.processor.model.Structure;
import io.toroid.runtime.NativeTensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import javax.lang.model.element.Modifier;

/**
 * The façade's types for what entries take and return. A model's own records hold symbolic tensors, so the façade has records of the
 * same name that hold arrays, and others that hold tensors: {@code Detection} and {@code DetectionTensors}. Entries share them as long
 * as the types of the components agree. Arrays and lists both are arrays.
 */
final class FacadeTypes {

    static final TypeName TENSOR = ClassName.get(NativeTensor.class);

    private final ClassName facade;
    private final SequencedMap<String, Known> byName = new LinkedHashMap<>();

    /** Two records of the same name are one if their components agree. */
    private record Known(TypeSpec type, MethodSpec components) {
    }

    FacadeTypes(ClassName facade) {
        this.facade = facade;
    }

    /** The records that the types so far need. */
    List<TypeSpec> records() {
        return byName.values().stream().map(Known::type).toList();
    }

    /**
     * The type of a parameter or result.
     *
     * @param leaves types of its leaves, in order; as many as it has are taken
     * @param use the entry, and {@code takes} or {@code returns}
     */
    TypeName of(Structure structure, View view, Iterator<TensorType> leaves, Use use) {
        return switch (structure) {
            case Structure.Leaf(Structure.Kind kind, _) -> leaf(kind, view, leaves.next());
            case Structure.Group group -> record(group, view, leaves, use);
            case Structure.Sequence(_, List<Structure> elements) -> {
                List<TypeName> types = new ArrayList<>();
                elements.forEach(element -> types.add(of(element, view, leaves, use)));
                yield ArrayTypeName.of(types.getFirst());
            }
            case Structure.Many _ -> throw new IllegalArgumentException("not traced yet");
        };
    }

    /** Who needs a record first: the entry, and what it does with it. */
    record Use(String entry, String verb) {
    }

    private static TypeName leaf(Structure.Kind kind, View view, TensorType type) {
        return switch (kind) {
            case TENSOR -> view == View.TENSORS ? TENSOR : arrayType(type);
            case VALUE, SIZE -> arrayType(type);
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

    // ---- records

    private TypeName record(Structure.Group group, View view, Iterator<TensorType> leaves, Use use) {
        MethodSpec.Builder components = MethodSpec.constructorBuilder();
        List<TensorType> types = new ArrayList<>();
        Map<String, String> docs = new LinkedHashMap<>();
        for (Structure.Member member : group.members()) {
            List<TensorType> own = new ArrayList<>();
            for (int i = 0; i < member.value().count(); i++) {
                own.add(leaves.next());
            }
            components.addParameter(of(member.value(), view, own.iterator(), use), member.name());
            docs.put(member.name(), StructureText.of(member.value(), own.iterator()));
            types.addAll(own);
        }
        boolean holdsTensors = view == View.TENSORS && group.leaves().anyMatch(leaf -> leaf.kind() == Structure.Kind.TENSOR);
        return ClassName.bestGuess(named(group, use, components.build(), docs, holdsTensors).name());
    }

    private TypeSpec named(Structure.Group group, Use use, MethodSpec components, Map<String, String> docs, boolean holdsTensors) {
        String wanted = group.simpleName() + (holdsTensors ? "Tensors" : "");
        String name = wanted.equals(facade.simpleName()) || wanted.equals(WeightMethods.NAME) ? capitalized(use.entry()) + wanted : wanted;
        for (int number = 1; byName.containsKey(name); number++) {
            if (byName.get(name).components().equals(components)) {
                return byName.get(name).type();
            }
            name = capitalized(use.entry()) + wanted + (number == 1 ? "" : Integer.toString(number));
        }
        TypeSpec.Builder record = TypeSpec.recordBuilder(name)
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc(holdsTensors ? "What {@code $L} $L, as tensors; closing it closes them.\n" : "What {@code $L} $L, as Java arrays.\n",
                        use.entry(), use.verb())
                .recordConstructor(components);
        String before = "\n";
        for (Map.Entry<String, String> doc : docs.entrySet()) {
            record.addJavadoc("$L@param $L {@code $L}\n", before, doc.getKey(), doc.getValue());
            before = "";
        }
        if (holdsTensors) {
            record.addSuperinterface(AutoCloseable.class).addMethod(close(group));
        }
        byName.put(name, new Known(record.build(), components));
        return byName.get(name).type();
    }

    private static MethodSpec close(Structure.Group group) {
        MethodSpec.Builder close = MethodSpec.methodBuilder("close")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC);
        for (Structure.Member member : group.members()) {
            boolean holdsTensors = member.value().leaves().anyMatch(leaf -> leaf.kind() == Structure.Kind.TENSOR);
            if (holdsTensors && member.value() instanceof Structure.Sequence) {
                close.beginControlFlow("for (var element : $N)", member.name()).addStatement("element.close()").endControlFlow();
            } else if (holdsTensors) {
                close.addStatement("$N.close()", member.name());
            }
        }
        return close.build();
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
