package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the call of a function from a header: the pool, then its arguments as they stand. With its namespace before it,
 * a buffer may have the same name.
 */
final class ExternWriter {

    private ExternWriter() {
    }

    static KernelSource write(String name, Loop.Extern extern) {
        List<Size> extents = new ArrayList<>();
        for (Loop.Argument argument : extern.arguments()) {
            if (argument instanceof Loop.Argument.Extent(Size size)) {
                extents.add(size);
            }
        }
        Set<Symbol> dimensions = KernelWriter.dimensions(List.of(), List.of(), List.of(), extents);
        CppText out = new CppText(1);
        Iterator<Loop.Argument> arguments = extern.arguments().iterator();
        List<String> texts = new ArrayList<>(List.of("pool"));
        while (arguments.hasNext()) {
            texts.add(argument(arguments));
        }
        out.line("toroid::" + extern.function() + "(" + String.join(", ", texts) + ");");
        return new KernelSource(name,
                KernelWriter.parameters(new Kernel.Single(name, extern), extern.inputs(), extern.reports(), dimensions),
                KernelWriter.includes(/* usesMath= */ false, extern.reports(), extern.header()),
                KernelWriter.comment(extern.origins()), out.toString());
    }

    /** The next argument with all that is nested in it. */
    private static String argument(Iterator<Loop.Argument> arguments) {
        return switch (arguments.next()) {
            case Loop.Argument.In(Buffer buffer) -> buffer.name();
            case Loop.Argument.Out(Buffer buffer) -> buffer.name();
            case Loop.Argument.Extent(Size size) -> "int64_t{" + SizeWriter.plain().print(size) + "}";
            case Loop.Argument.Number(Scalar.Literal literal) -> CppTypes.literal(literal.dtype(), literal.value());
            case Loop.Argument.Name(String text) -> text;
            case Loop.Argument.Nested(String function, int count) -> IntStream.range(0, count)
                    .mapToObj(_ -> argument(arguments)).collect(Collectors.joining(", ", function + "(", ")"));
            case Loop.Argument.Run() -> "call";
        };
    }
}
