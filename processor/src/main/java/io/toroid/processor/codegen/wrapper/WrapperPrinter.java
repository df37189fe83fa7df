package io.toroid.processor.codegen.wrapper;

import io.toroid.processor.codegen.cpp.CppText;
import io.toroid.processor.codegen.cpp.CppTypes;
import io.toroid.processor.codegen.cpp.KernelCall;
import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.codegen.cpp.SizeWriter;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.schedule.KernelWork;
import io.toroid.shape.Range;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Prints wrapper lines as the body of a C++ function. */
public final class WrapperPrinter {

    private final WrapperSizes sizes = new WrapperSizes();
    private final CppText out;
    /** Buffers that loops carry: their pointers change places. */
    private final Set<Buffer> exchanged = new HashSet<>();

    private WrapperPrinter(CppText out) {
        this.out = out;
    }

    /** Prints one function. */
    public static String function(String name, List<WrapperLine> lines) {
        CppText out = new CppText(0);
        out.open("bool %s([[maybe_unused]] Call& call) {".formatted(name));
        WrapperPrinter printer = new WrapperPrinter(out);
        lines.forEach(printer::collectExchanged);
        lines.forEach(printer::print);
        out.close("}");
        return out.toString();
    }

    private void collectExchanged(WrapperLine line) {
        if (line instanceof WrapperLine.If branch) {
            branch.ifTrue().forEach(this::collectExchanged);
            branch.ifFalse().forEach(this::collectExchanged);
        }
        if (line instanceof WrapperLine.While loop) {
            loop.condition().forEach(this::collectExchanged);
            loop.body().forEach(this::collectExchanged);
            exchanged.addAll(loop.carried());
            exchanged.addAll(loop.next());
        }
    }

    /** The start of the declaration of a pointer to a buffer. */
    private String pointer(Buffer buffer) {
        return "%s*%s %s".formatted(CppTypes.element(buffer.dtype()), exchanged.contains(buffer) ? "" : " const", buffer.name());
    }

    private void print(WrapperLine line) {
        switch (line) {
            case WrapperLine.Comment(String text) -> out.line("// " + text);
            case WrapperLine.BindSymbol bind -> bindSymbol(bind);
            case WrapperLine.ExpectSize(int input, int axis, Size size) -> out.line(
                    "if (!call.expect_size(%d, %d, %s, \"%s\")) return false;".formatted(input, axis, sizes.fitting(size), size));
            case WrapperLine.ExpectRange(int input, int axis, long min, long max) -> out.line(
                    "if (!call.expect_range(%d, %d, %d, %s)) return false;".formatted(input, axis, min, limit(max)));
            case WrapperLine.ExpectMultiple(int input, int axis, long multiple, long shift) -> out.line(
                    "if (!call.expect_multiple(%d, %d, %d, %d)) return false;".formatted(input, axis, multiple, shift));
            case WrapperLine.ExpectRelation relation -> expectRelation(relation);
            case WrapperLine.BindValue(var symbol, int input) -> out.line("[[maybe_unused]] const int64_t %s = call.value(%d);"
                    .formatted(sizes.print(symbol), input));
            case WrapperLine.ExpectValue(int input, long min, long max, long multiple) -> out.line(
                    "if (!call.expect_value(%d, %d, %s, %d)) return false;".formatted(input, min, limit(max), multiple));
            case WrapperLine.ExpectSame(int input, var symbol) -> out.line(
                    "if (!call.expect_same(%d, %s, \"%s\")) return false;".formatted(input, sizes.print(symbol), symbol));
            case WrapperLine.SetOutput(int output, List<Size> values) -> out.line("call.set_output_sizes(%s);".formatted(
                    Stream.concat(Stream.of(Integer.toString(output)), values.stream().map(sizes::fitting)).collect(Collectors.joining(", "))));
            case WrapperLine.Bind bind -> bind(bind);
            case WrapperLine.Arena(Size bytes) -> {
                out.line("char* const arena = static_cast<char*>(call.workspace(%s));".formatted(sizes.fitting(bytes)));
                out.line("if (arena == nullptr) return false;");
            }
            case WrapperLine.Place(Buffer buffer, Size offset) -> out.line("%s = reinterpret_cast<%s*>(arena%s);".formatted(
                    pointer(buffer), CppTypes.element(buffer.dtype()),
                    offset.equals(Size.ZERO) ? "" : " + " + sizes.print(offset)));
            case WrapperLine.Reuse(Buffer buffer, Buffer base) -> out.line("%s = %s;".formatted(pointer(buffer), base.name()));
            case WrapperLine.Update(Buffer target, Buffer value) -> out.line("__builtin_memcpy(%s, %s, static_cast<size_t>(%s));".formatted(
                    target.name(), value.name(), sizes.fitting(target.bytes())));
            case WrapperLine.WriteBack(int input) -> out.line("call.write_back(%d);".formatted(input));
            case WrapperLine.CallKernel(KernelCall call) -> out.line(text(call));
            case WrapperLine.ProfileCall(int entry) -> out.line("const ProfiledCall profile(%d);".formatted(entry));
            case WrapperLine.ProfileKernel(int site, KernelWork work, KernelCall call) -> {
                out.open("{");
                out.line("const ProfiledKernel timed(profile, %d, %s, %s);".formatted(
                        site, sizes.fitting(work.bytes()), sizes.fitting(work.operations())));
                out.line(text(call));
                out.close("}");
            }
            case WrapperLine.PrintKernel(int site) -> out.line("print_kernel(kernels[%d]);".formatted(site));
            case WrapperLine.Look look -> look(look);
            case WrapperLine.ExpectFinite(int site, String name, Buffer buffer, List<String> refused) -> out.line(
                    "if (!expect_finite(call, %s, %s, %s)) return false;".formatted(
                            site < 0 ? "nullptr" : "&kernels[" + site + "]", value(name, buffer), String.join(" | ", refused)));
            case WrapperLine.Fold(List<Integer> constants, List<WrapperLine> lines) -> {
                out.open("if (%s) {".formatted(constants.stream().map("call.folds(%d)"::formatted).collect(Collectors.joining(" || "))));
                lines.forEach(this::print);
                out.close("}");
            }
            case WrapperLine.If(Buffer predicate, List<WrapperLine> ifTrue, List<WrapperLine> ifFalse) -> {
                out.open("if (*%s != 0) {".formatted(predicate.name()));
                ifTrue.forEach(this::print);
                out.close("} else {").indent();
                ifFalse.forEach(this::print);
                out.close("}");
            }
            case WrapperLine.While loop -> repeat(loop);
            case WrapperLine.StopIfFailed() -> out.line("if (call.failed()) return false;");
            case WrapperLine.PlaceWithin(String arena, Buffer buffer, Size offset) -> out.line(
                    "%s = reinterpret_cast<%s*>(%s%s);".formatted(pointer(buffer), CppTypes.element(buffer.dtype()), arena, offset.equals(Size.ZERO) ? "" : " + " + sizes.print(offset)));
            case WrapperLine.ReadSize read -> readSize(read);
            case WrapperLine.LaterArena(String name, int number, Size bytes) -> {
                out.line("char* const %s = static_cast<char*>(call.workspace(%d, %s));".formatted(name, number, sizes.fitting(bytes)));
                out.line("if (%s == nullptr) return false;".formatted(name));
            }
            case WrapperLine.LaterOutput(Buffer buffer, int index) -> {
                out.line("%s = static_cast<%s*>(call.later_output(%s));".formatted(pointer(buffer), CppTypes.element(buffer.dtype()),
                        Stream.concat(Stream.of(Integer.toString(index)), buffer.shape().sizes().stream().map(sizes::fitting)).collect(Collectors.joining(", "))));
                out.line("if (%s == nullptr) return false;".formatted(buffer.name()));
            }
            case WrapperLine.Finish(boolean kernelsReport) -> out.line(kernelsReport ? "return !call.failed();" : "return true;");
        }
    }

    private void repeat(WrapperLine.While loop) {
        out.open("for (bool moved = false;; moved = !moved) {");
        loop.condition().forEach(this::print);
        out.open("if (*%s == 0) {".formatted(loop.predicate().name()));
        out.line("if (!moved) break;");
        for (int i = 0; i < loop.carried().size(); i++) {
            exchange(loop, i);
            out.line("__builtin_memcpy(%s, %s, static_cast<size_t>(%s));".formatted(loop.carried().get(i).name(), loop.next().get(i).name(),
                    sizes.fitting(loop.carried().get(i).bytes())));
        }
        out.line("break;");
        out.close("}");
        loop.body().forEach(this::print);
        IntStream.range(0, loop.carried().size()).forEach(i -> exchange(loop, i));
        out.close("}");
    }

    private void exchange(WrapperLine.While loop, int i) {
        out.line("change_places(%s, %s);".formatted(loop.carried().get(i).name(), loop.next().get(i).name()));
    }

    private void bindSymbol(WrapperLine.BindSymbol bind) {
        String size = "call.inputs[%d].sizes[%d]".formatted(bind.input(), bind.axis());
        String shifted = bind.shift().equals(Size.ZERO) ? size : "(%s - %s)".formatted(size, sizes.print(bind.shift()));
        out.line("[[maybe_unused]] const int64_t %s = %s%s;".formatted(
                sizes.print(bind.symbol()), shifted, bind.scale() == 1 ? "" : " / " + bind.scale()));
    }

    /** Where the counting itself tells the bounds, they need no test. */
    private void readSize(WrapperLine.ReadSize read) {
        String name = sizes.print(read.size());
        out.line("[[maybe_unused]] const int64_t %s = *%s;".formatted(name, read.value().name()));
        Range range = read.size().declared();
        List<String> outside = new ArrayList<>();
        if (range.hasMin()) {
            outside.add("%s < %d".formatted(name, range.min()));
        }
        if (range.hasMax()) {
            outside.add("%s > %d".formatted(name, range.max()));
        }
        if (read.size().below().isEmpty() && !outside.isEmpty()) {
            out.line("if (%s)".formatted(String.join(" || ", outside)));
            out.line("  return call.fail(\"the size %s is %%lld and must be %s: %s\", static_cast<long long>(%s));"
                    .formatted(read.size(), range, escape(read.origin()), name));
        }
    }

    private void expectRelation(WrapperLine.ExpectRelation line) {
        out.line("if (!(%s %s %s))".formatted(sizes.checked(line.left()), operator(line.relation()), sizes.checked(line.right())));
        out.line("  return call.fail(\"%s: %s must %s %s, but they are %%lld and %%lld%s\", static_cast<long long>(%s), static_cast<long long>(%s));"
                .formatted(escape(line.why()), escape(line.left().toString()), words(line.relation()), escape(line.right().toString()),
                        line.where().isEmpty() ? "" : " (" + escape(line.where()) + ")", sizes.fitting(line.left()), sizes.fitting(line.right())));
    }

    private void bind(WrapperLine.Bind bind) {
        Buffer buffer = bind.buffer();
        String type = CppTypes.element(buffer.dtype());
        switch (bind.source()) {
            case INPUT -> {
                out.line("const %1$s* const %2$s = static_cast<const %1$s*>(call.dense_input(%3$d));".formatted(type, buffer.name(), bind.index()));
                out.line("if (call.failed()) return false;");
            }
            case UPDATED_INPUT -> {
                out.line("%1$s* const %2$s = static_cast<%1$s*>(call.updated_input(%3$d));".formatted(type, buffer.name(), bind.index()));
                out.line("if (call.failed()) return false;");
            }
            case STATE -> out.line("%1$s* const %2$s = reinterpret_cast<%1$s*>(call.states + %3$d);".formatted(type, buffer.name(), bind.index()));
            case OUTPUT -> out.line("%s = static_cast<%s*>(call.outputs[%d].data);".formatted(pointer(buffer), type, bind.index()));
            case CONSTANT -> out.line("const %1$s* const %2$s = static_cast<const %1$s*>(call.constants[%3$d]);".formatted(type, buffer.name(), bind.index()));
            case FOLDED -> out.line("%s = static_cast<%s*>(call.folded[%d]);".formatted(pointer(buffer), type, bind.index()));
        }
    }

    private void look(WrapperLine.Look look) {
        String arguments = "kernels[%d], \"%s\", %s".formatted(
                look.site(), look.moment().name().toLowerCase(Locale.ROOT), value(look.name(), look.buffer()));
        out.line(look.saves() ? "if (!save_value(call, %s)) return false;".formatted(arguments) : "print_value(%s);".formatted(arguments));
    }

    /** A tensor with its name, sizes and strides. */
    private String value(String name, Buffer buffer) {
        String strides = buffer.layout().isContiguous() ? "" : ".with_strides(%s)".formatted(
                buffer.layout().strides().stream().map(sizes::fitting).collect(Collectors.joining(", ")));
        return "kernel_value(%s)%s".formatted(
                Stream.concat(Stream.of("\"" + name + "\"", buffer.name()), buffer.shape().sizes().stream().map(sizes::fitting))
                        .collect(Collectors.joining(", ")), strides);
    }

    private static String text(KernelCall call) {
        return "%s(%s);".formatted(
                call.function(), call.arguments().stream().map(WrapperPrinter::argument).collect(Collectors.joining(", ")));
    }

    private static String argument(KernelSource.Parameter parameter) {
        return switch (parameter) {
            case KernelSource.Parameter.Pool() -> "call.pool";
            case KernelSource.Parameter.Run() -> "call";
            case KernelSource.Parameter.Input(Buffer buffer, boolean _) -> buffer.name();
            case KernelSource.Parameter.Output(Buffer buffer, boolean _) -> buffer.name();
            case KernelSource.Parameter.Dimension(var symbol) -> SizeWriter.plain().print(symbol);
        };
    }

    private static String limit(long max) {
        return max == Long.MAX_VALUE ? "INT64_MAX" : Long.toString(max);
    }

    private static String operator(Relation relation) {
        return switch (relation) {
            case EQUAL -> "==";
            case NOT_EQUAL -> "!=";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
        };
    }

    private static String words(Relation relation) {
        return switch (relation) {
            case EQUAL -> "equal";
            case NOT_EQUAL -> "differ from";
            case LESS -> "be less than";
            case LESS_OR_EQUAL -> "be at most";
        };
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%").replace("\n", " ");
    }
}
