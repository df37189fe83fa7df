package io.toroid.processor.codegen.java;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.toroid.op.TensorType;
import io.toroid.processor.model.OutputDescriptor;
import io.toroid.processor.model.TracedEntry;
import io.toroid.runtime.NativeTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/**
 * The façade's records for entries that return a record: {@code Detection} with arrays and {@code DetectionTensors}
 * with tensors. Entries that return the same record share them as long as the array types agree.
 */
final class ResultRecords {

    private final ClassName facade;
    private final Map<String, Known> byName = new HashMap<>();

    /** Two records of the same name are one if their components agree. */
    private record Known(TypeSpec type, MethodSpec components) {
    }

    ResultRecords(ClassName facade) {
        this.facade = facade;
    }

    TypeSpec ofArrays(OutputDescriptor.Group group, TracedEntry entry) {
        List<TypeName> types = entry.outputs().stream().map(output -> EntryMethods.arrayType(output.type())).toList();
        MethodSpec.Builder components = MethodSpec.constructorBuilder();
        for (int i = 0; i < types.size(); i++) {
            components.addParameter(types.get(i), group.names().get(i));
        }
        return named(group.simpleName(), entry, "What {@code $L} returns, as Java arrays.\n", components.build(), /* closing= */ false);
    }

    TypeSpec ofTensors(OutputDescriptor.Group group, TracedEntry entry) {
        MethodSpec.Builder components = MethodSpec.constructorBuilder();
        group.names().forEach(name -> components.addParameter(NativeTensor.class, name));
        return named(group.simpleName() + "Tensors", entry, "What {@code $L} returns, as tensors; closing it closes them.\n",
                components.build(), /* closing= */ true);
    }

    private TypeSpec named(String wanted, TracedEntry entry, String comment, MethodSpec components, boolean closing) {
        String name = wanted.equals(facade.simpleName()) ? capitalized(entry.name()) + wanted : wanted;
        Known known = byName.computeIfAbsent(name, first -> new Known(record(first, entry, comment, components, closing), components));
        if (known.components().equals(components)) {
            return known.type();
        }
        return record(capitalized(entry.name()) + wanted, entry, comment, components, closing);
    }

    private static TypeSpec record(String name, TracedEntry entry, String comment, MethodSpec components, boolean closing) {
        TypeSpec.Builder record = TypeSpec.recordBuilder(name)
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc(comment, entry.name())
                .recordConstructor(components);
        for (int i = 0; i < entry.outputNames().size(); i++) {
            TensorType type = entry.outputs().get(i).type();
            record.addJavadoc("$L@param $L {@code $L}\n", i == 0 ? "\n" : "", entry.outputNames().get(i), type);
        }
        if (closing) {
            record.addSuperinterface(AutoCloseable.class).addMethod(close(entry));
        }
        return record.build();
    }

    private static MethodSpec close(TracedEntry entry) {
        MethodSpec.Builder close = MethodSpec.methodBuilder("close")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC);
        entry.outputNames().forEach(name -> close.addStatement("$L.close()", name));
        return close.build();
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
