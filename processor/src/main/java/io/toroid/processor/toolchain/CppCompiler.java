package io.toroid.processor.toolchain;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A C++ compiler of this machine: GCC or Clang, new enough for our headers.
 *
 * <p>Looked for in the option {@code toroid.cxx}, then the environment's {@code TOROID_CXX} and {@code CXX}, then as {@code
 * c++}, {@code g++} and {@code clang++} on the {@code PATH}. One that is named and does not work is an error; the search
 * goes on only among those that nobody named.
 *
 * @param command the program and the arguments that come before ours ({@code CXX="ccache g++"})
 * @param identity the first line of its {@code --version}, part of the cache's keys
 */
public record CppCompiler(List<String> command, String identity) {
    private static final List<String> USUAL = List.of("c++", "g++", "clang++");
    private static final int OLDEST_GCC = 12;
    private static final int OLDEST_CLANG = 14;
    private static final Pattern NUMBER = Pattern.compile("(\\d+)\\.\\d+(?:\\.\\d+)?");

    public CppCompiler {
        command = List.copyOf(command);
    }

    /**
     * @param option the value of {@code toroid.cxx}
     * @param environment the process's environment variables
     * @throws ToolchainException.NoCompiler saying what was looked for and what to install
     */
    public static CppCompiler find(Optional<String> option, Map<String, String> environment) throws ToolchainException.NoCompiler {
        Optional<Named> named = option.map(value -> new Named(value, "option -Atoroid.cxx"))
                .or(() -> variable(environment, "TOROID_CXX"))
                .or(() -> variable(environment, "CXX"));
        if (named.isPresent()) {
            return probe(named.get(), environment);
        }
        List<String> refused = new ArrayList<>();
        for (String command : USUAL) {
            Optional<String> path = onPath(command, environment);
            if (path.isPresent()) {
                try {
                    return probe(new Named(path.get(), "PATH"), environment);
                } catch (ToolchainException.NoCompiler notThisOne) {
                    refused.add(notThisOne.getMessage());
                }
            }
        }
        throw refused.isEmpty() ? nothingFound() : new ToolchainException.NoCompiler(refused.getFirst());
    }

    private record Named(String value, String source) {
    }

    private static Optional<Named> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank())
                .map(value -> new Named(value.strip(), "environment variable " + name));
    }

    private static Optional<String> onPath(String command, Map<String, String> environment) {
        for (String directory : environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator))) {
            Path file = Path.of(directory.isEmpty() ? "." : directory, command);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file.toString());
            }
        }
        return Optional.empty();
    }

    private static CppCompiler probe(Named named, Map<String, String> environment) throws ToolchainException.NoCompiler {
        List<String> command = command(named.value, environment);
        ProcessResult version;
        try {
            version = ProcessResult.run(with(command, List.of("--version")), Path.of("."));
        } catch (IOException cannotStart) {
            throw new ToolchainException.NoCompiler("the C++ compiler \"" + named.value + "\" (" + named.source
                    + ") cannot be started: " + reason(Path.of(command.getFirst()), cannotStart) + "; " + install());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ToolchainException.NoCompiler("the search for a C++ compiler was interrupted");
        }
        String identity = version.output().lines().findFirst().orElse("").strip();
        if (version.exitCode() != 0 || identity.isEmpty()) {
            throw new ToolchainException.NoCompiler("\"" + named.value + " --version\" (" + named.source + ") ended with code "
                    + version.exitCode() + ", so it is not a C++ compiler that can be used; " + install());
        }
        requireNew(named, identity);
        return new CppCompiler(command, identity);
    }

    private static List<String> command(String value, Map<String, String> environment) {
        List<String> words = Files.isRegularFile(Path.of(value)) ? List.of(value) : List.of(value.split("\\s+"));
        String program = words.getFirst().contains(File.separator) ? words.getFirst()
                : onPath(words.getFirst(), environment).orElse(words.getFirst());
        return with(List.of(program), words.subList(1, words.size()));
    }

    private static void requireNew(Named named, String identity) throws ToolchainException.NoCompiler {
        boolean clang = identity.contains("clang");
        int version = clang ? firstNumber(identity) : lastNumber(identity);
        int oldest = clang ? OLDEST_CLANG : OLDEST_GCC;
        if (version < oldest) {
            throw new ToolchainException.NoCompiler("the C++ compiler \"" + named.value + "\" (" + named.source + "), " + identity
                    + ", is too old: GCC " + OLDEST_GCC + " or Clang " + OLDEST_CLANG + " is needed; " + install());
        }
    }

    /** GCC ends its line with the version: {@code g++ (Debian 12.2.0-14) 12.2.0}. A line without a number is let pass. */
    private static int lastNumber(String identity) {
        Matcher matcher = NUMBER.matcher(identity);
        int last = Integer.MAX_VALUE;
        while (matcher.find()) {
            last = Integer.parseInt(matcher.group(1));
        }
        return last;
    }

    /** Clang begins with it: {@code Debian clang version 14.0.6}. */
    private static int firstNumber(String identity) {
        Matcher matcher = NUMBER.matcher(identity);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
    }

    private static String reason(Path program, IOException cannotStart) {
        return !Files.exists(program) ? "there is no such program"
                : !Files.isExecutable(program) ? "it is not executable" : cannotStart.getMessage();
    }

    private static ToolchainException.NoCompiler nothingFound() {
        return new ToolchainException.NoCompiler("no C++ compiler was found: neither the option -Atoroid.cxx nor the environment variables "
                + "TOROID_CXX and CXX name one, and the PATH has no c++, g++ or clang++; " + install());
    }

    private static String install() {
        return "install one (Debian, Ubuntu: apt-get install g++; Fedora, RHEL: dnf install gcc-c++) "
                + "or name one by -Atoroid.cxx=/path/to/g++";
    }

    /** Its version and its own arguments, on which all that it makes depends. */
    public List<String> key() {
        return with(List.of(identity), command.subList(1, command.size()));
    }

    private static List<String> with(List<String> first, List<String> then) {
        List<String> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    /**
     * A compiler of the platform that it runs on makes code for that; for another one it must be a cross compiler.
     *
     * @param host the platform of this machine
     */
    void requireTarget(Isa isa, String host) throws IOException, InterruptedException, ToolchainException.NoCompiler {
        if (isa.platform().equals(host)) {
            return;
        }
        String machine = ProcessResult.run(commandLine(List.of("-dumpmachine")), Path.of(".")).output().lines().findFirst().orElse("").strip();
        String processor = isa.platform().substring(isa.platform().indexOf('-') + 1);
        if (!machine.startsWith(processor)) {
            throw new ToolchainException.NoCompiler(("the C++ compiler %s makes code for %s, so it cannot build libraries for %s; choose what they "
                    + "are for by -Atoroid.isa, or name a compiler for %s by -Atoroid.cxx").formatted(command.getFirst(), machine, isa, processor));
        }
    }

    /** The whole command line. */
    List<String> commandLine(List<String> arguments) {
        return with(command, arguments);
    }
}
