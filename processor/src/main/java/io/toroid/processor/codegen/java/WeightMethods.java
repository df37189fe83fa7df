package io.toroid.processor.codegen.java;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeSpec;
import io.toroid.op.Parameter;
import io.toroid.runtime.WeightUpdate;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Writes the façade's class {@code Weights}, which has one method for each weight of the model, and the method that takes it. */
final class WeightMethods {

    /** Of the class, which no record has. */
    static final String NAME = "Weights";

    private final ClassName type;
    private final Set<String> taken = new HashSet<>();

    private WeightMethods(ClassName facade) {
        this.type = facade.nestedClass(NAME);
    }

    static void addTo(TypeSpec.Builder facadeType, ClassName facade, Map<String, Parameter> parameters) {
        WeightMethods methods = new WeightMethods(facade);
        facadeType.addMethod(methods.swap());
        facadeType.addType(methods.weights(parameters));
    }

    private MethodSpec swap() {
        return MethodSpec.methodBuilder("swapWeights")
                .addJavadoc("Has calls that begin from now on see these weights, which are copied; those that are not given stay as they are.\n"
                        + "Calls under way finish with the weights they began with.\n")
                .addModifiers(Modifier.PUBLIC)
                .addParameter(type, "weights")
                .addStatement("swapWeights(weights.tensors())")
                .build();
    }

    private TypeSpec weights(Map<String, Parameter> parameters) {
        TypeSpec.Builder weights = TypeSpec.classBuilder(type)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .superclass(WeightUpdate.class)
                .addJavadoc("Weights for {@link #swapWeights(Weights)}: all of them or some.\n");
        parameters.forEach((name, parameter) -> weights.addMethod(setter(name, parameter)));
        return weights.build();
    }

    private MethodSpec setter(String name, Parameter parameter) {
        return MethodSpec.methodBuilder(methodName(name))
                .addJavadoc("{@code $L: $L}\n", name, parameter.type())
                .addModifiers(Modifier.PUBLIC)
                .returns(type)
                .addParameter(ParameterSpec.builder(FacadeTypes.TENSOR, "tensor").build())
                .addStatement("put($S, tensor)", name)
                .addStatement("return this")
                .build();
    }

    /** {@code encoder.layer.0.weight} becomes {@code encoderLayer0Weight}. */
    private String methodName(String name) {
        StringBuilder joined = new StringBuilder();
        for (String part : name.split("\\P{javaJavaIdentifierPart}+")) {
            joined.append(joined.isEmpty() || part.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        String wanted = Character.isJavaIdentifierStart(joined.charAt(0)) ? joined.toString() : "_" + joined;
        String unique = wanted;
        for (int number = 1; !taken.add(unique); number++) {
            unique = wanted + "_" + number;
        }
        return unique;
    }
}
