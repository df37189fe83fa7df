package io.toroid.processor.loop;

import io.toroid.op.CppSource;
import io.toroid.op.CustomOperator;
import io.toroid.op.Operator;
import io.toroid.op.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The C++ of operators of a model author's own: each becomes a function of a header that only exists while the model is compiled. It is a
 * template over the types of its tensors, so one text serves all calls.
 */
public final class AuthorsOperators {

    /** Declares how the library calls back into Java, and what the author's C++ sees. */
    public static final String CALLBACK_HEADER = "toroid/custom.h";

    /** Declares how the library calls PyTorch. */
    public static final String DISPATCHER_HEADER = "toroid/dispatcher.h";

    private static final String DIRECTORY = "operators/";

    private AuthorsOperators() {
    }

    /** The qualified name of the function. */
    public static String function(Operator operator) {
        return "operators::" + identifier(operator);
    }

    /** What kernels include. */
    public static String header(Operator operator) {
        return DIRECTORY + identifier(operator) + ".h";
    }

    /** Whether it calls an operator of the author's own, which may end the run. */
    public static boolean isCall(Loop.Extern extern) {
        return Set.of(CALLBACK_HEADER, DISPATCHER_HEADER).contains(extern.header()) || extern.header().startsWith(DIRECTORY);
    }

    /** What the C++ compiler takes the name of the body's file to be, so that its messages name the operator and the line in its text. */
    public static String place(Operator operator) {
        return operator.custom().orElseThrow().title();
    }

    /** The text of the header, without what it includes. */
    public static String text(Operator operator) {
        CppSource source = operator.custom().orElseThrow().cpp().orElseThrow();
        Schema schema = operator.schema();
        StringBuilder text = new StringBuilder("#include <toroid/custom.h>\n");
        source.includes().forEach(include -> text.append("#include ").append(include.startsWith("<") || include.startsWith("\"") ? include : "<" + include + ">").append('\n'));
        text.append("\nnamespace toroid::operators {\n\n");
        if (!source.declarations().isBlank()) {
            text.append("namespace %s_declarations {\n#line 1 \"%s, declarations\"\n%s\n}\n".formatted(
                    identifier(operator), place(operator), source.declarations().stripTrailing()));
            text.append("using namespace %s_declarations;\n\n".formatted(identifier(operator)));
        }
        text.append("inline void %s(%s) {\n".formatted(identifier(operator), String.join(", ", parameters(operator, schema))));
        text.append("#line 1 \"%s\"\n%s\n}\n".formatted(place(operator), source.body().stripTrailing()));
        return text.append("\n}  // namespace toroid::operators\n\n#line 1 \"kernels\"\n").toString();
    }

    private static List<String> parameters(Operator operator, Schema schema) {
        List<String> parameters = new ArrayList<>(List.of("[[maybe_unused]] const ToroidPool* pool", "[[maybe_unused]] OperatorCall call"));
        for (Schema.Parameter parameter : schema.parameters()) {
            parameters.add("[[maybe_unused]] " + type(parameter) + " " + parameter.name());
        }
        CustomOperator custom = operator.custom().orElseThrow();
        if (schema.results().contains("Tensor[]")) {
            parameters.add("[[maybe_unused]] const auto& " + custom.resultName(0, 1));
        } else {
            IntStream.range(0, schema.results().size()).forEach(i ->
                    parameters.add("[[maybe_unused]] const auto& " + custom.resultName(i, schema.results().size())));
        }
        return parameters;
    }

    private static String type(Schema.Parameter parameter) {
        String plain = CustomOperator.plain(parameter.type());
        String type = switch (plain) {
            case "int", "SymInt" -> "int64_t";
            case "float" -> "double";
            case "bool" -> "bool";
            case "str" -> "const char*";
            case "ScalarType" -> "Dtype";
            case "Device" -> "Device";
            default -> "const auto&";
        };
        return parameter.isOptional() && !type.equals("const auto&") ? "Optional<" + type + ">" : type;
    }

    private static String identifier(Operator operator) {
        Schema schema = operator.schema();
        return schema.namespace() + "_" + schema.name() + (schema.overload().equals("default") ? "" : "_" + schema.overload());
    }
}
