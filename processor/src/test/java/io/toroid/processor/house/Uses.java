package io.toroid.processor.house;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a class uses: the constant pool names every class that it refers to, in code, descriptors, signatures and
 * annotations.
 *
 * @param name of the class, such as {@code io.toroid.processor.loop.Loop$Gemm}
 * @param classes that it names, by binary names
 * @param members of other classes that its code uses, such as {@code java.lang.System.out}
 */
record Uses(String name, Set<String> classes, Set<String> members) {

    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L((?:[A-Za-z_]\\w*/)+[\\w$]+)[;<]");

    static Uses of(ClassModel model) {
        Set<String> classes = new TreeSet<>();
        Set<String> members = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> classes.add(element(type.asInternalName()));
                case Utf8Entry text -> addDescriptor(text.stringValue(), classes);
                case FieldRefEntry field -> members.add(member(field));
                case MemberRefEntry method -> members.add(member(method));
                default -> { }
            }
        }
        classes.removeIf(name -> !name.contains("."));
        return new Uses(binary(model.thisClass().asInternalName()), classes, members);
    }

    private static void addDescriptor(String text, Set<String> into) {
        if (text.startsWith("(") || text.startsWith("[") || text.startsWith("L") || text.startsWith("<")) {
            for (Matcher matcher = IN_DESCRIPTOR.matcher(text); matcher.find();) {
                into.add(binary(matcher.group(1)));
            }
        }
    }

    private static String member(MemberRefEntry entry) {
        return binary(entry.owner().asInternalName()) + "." + entry.name().stringValue();
    }

    /** Of an array its elements. */
    private static String element(String name) {
        String bare = name.replaceFirst("^\\[+L?", "").replace(";", "");
        return binary(bare);
    }

    private static String binary(String internal) {
        return internal.replace('/', '.');
    }

    String packageName() {
        return packageOf(name);
    }

    /** The class in whose source it stands. */
    String topLevel() {
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }

    static String packageOf(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }
}
