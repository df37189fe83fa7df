package io.toroid.processor.codegen.java;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the methods for weights are named. */
@Tag("unit")
class WeightMethodsTest {

    private static List<String> methods(String... parameters) {
        Map<String, Parameter> byName = new LinkedHashMap<>();
        Stream.of(parameters).forEach(name -> byName.put(name, (Parameter) Tensor.parameter(DType.F32, 1).origin()));
        TypeSpec.Builder facade = TypeSpec.classBuilder("Compiled");
        WeightMethods.addTo(facade, ClassName.get("test", "Compiled"), byName);
        return facade.build().typeSpecs().getFirst().methodSpecs().stream().map(MethodSpec::name).toList();
    }

    @Test
    void partsOfANameAreJoined() {
        assertEquals(List.of("encoderLayer0Weight", "encoder_layer", "encoderLayer0Weight_1"),
                methods("encoder.layer.0.weight", "encoder_layer", "encoder.layer0.weight"));
    }

    @Test
    void lettersOfAllAlphabetsStay() {
        assertEquals(List.of("γ", "größeΒ"), methods("γ", "größe.β"));
    }
}
