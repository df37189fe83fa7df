package io.toroid.processor.codegen.wrapper;

import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.Structure;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The structure of what an entry takes and returns, as PyTorch writes it ({@code torch.utils._pytree.treespec_dumps}, protocol 1), so that
 * its tools can take arguments apart and put results together. A record is a dictionary of its components, an array or list a list.
 */
final class CallSpec {

    private static final String LEAF = "{\"type\":null,\"context\":null,\"children_spec\":[]}";

    private CallSpec() {
    }

    /** Positional arguments, and no others by name. */
    static String in(EntryDescriptor entry) {
        String arguments = node("builtins.tuple", "null", entry.parameters().stream().map(parameter -> of(parameter.value())).toList());
        return "[1," + node("builtins.tuple", "null", List.of(arguments, node("builtins.dict", "[]", List.of()))) + "]";
    }

    static String out(EntryDescriptor entry) {
        return "[1," + of(entry.output()) + "]";
    }

    private static String of(Structure structure) {
        return switch (structure) {
            case Structure.Leaf _ -> LEAF;
            case Structure.Group(_, _, List<Structure.Member> members) -> node("builtins.dict",
                    members.stream().map(member -> "\\\"" + member.name() + "\\\"").collect(Collectors.joining(", ", "[", "]")),
                    members.stream().map(member -> of(member.value())).toList());
            case Structure.Sequence(_, List<Structure> elements) ->
                node("builtins.list", "null", elements.stream().map(CallSpec::of).toList());
            case Structure.Many _ -> throw new IllegalArgumentException("not traced yet");
        };
    }

    private static String node(String type, String context, List<String> children) {
        return "{\"type\":\"%s\",\"context\":\"%s\",\"children_spec\":[%s]}".formatted(type, context, String.join(",", children));
    }
}
