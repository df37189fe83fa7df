package io.toroid.processor.model;

import java.util.List;

/** What an entry returns. Element types and shapes are known only once it has been traced. */
public sealed interface OutputDescriptor {

    /** Names of the tensors, in order. */
    List<String> names();

    /** One tensor. */
    record Single() implements OutputDescriptor {

        @Override
        public List<String> names() {
            return List.of("output");
        }
    }

    /**
     * A record of tensors.
     *
     * @param className binary name of the record
     * @param simpleName its simple name
     * @param names its components
     */
    record Group(String className, String simpleName, List<String> names) implements OutputDescriptor {

        public Group {
            names = List.copyOf(names);
        }
    }
}
