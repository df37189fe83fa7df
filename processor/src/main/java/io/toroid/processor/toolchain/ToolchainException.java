package io.toroid.processor.toolchain;

/** The native build could not be done; the message is fit for the user's compiler output. */
public sealed abstract class ToolchainException extends Exception {
    private static final long serialVersionUID = 1L;

    private ToolchainException(String message, Throwable cause) {
        super(message, cause);
    }

    /** There is no C++ compiler that can be used: the user has to install or name one. */
    public static final class NoCompiler extends ToolchainException {
        private static final long serialVersionUID = 1L;

        NoCompiler(String message) {
            super(message, null);
        }
    }

    /** The compiler or the linker refused code that we generated: a bug of ours. */
    public static final class Rejected extends ToolchainException {
        private static final long serialVersionUID = 1L;

        private final String file;
        private final String output;

        Rejected(String file, String output, String message) {
            super(message, null);
            this.file = file;
            this.output = output;
        }

        /** The translation unit or library that was being made. */
        public String file() {
            return file;
        }

        /** All that the compiler said. */
        public String output() {
            return output;
        }
    }

    /** The machine failed: a full disk, an interrupted build. */
    public static final class Failed extends ToolchainException {
        private static final long serialVersionUID = 1L;

        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
