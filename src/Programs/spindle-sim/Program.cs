using System;
using System.IO;
using Spindle.Daemon.CommandLine;
using Spindle.Programs.Net;
using Spindle.Simulation.Scripts;

namespace Spindle.Programs;

/// <summary><c>spindle-sim</c>: the simulated kernel on the command line.</summary>
public static class Program
{
    internal const string Help = """
        usage: spindle-sim epoll FILE [--real | --diff]
               spindle-sim check [--sequences N] [--seed S] [--kind K] [--mutation M]
               spindle-sim netlink [--sequences N] [--seed S] [--shrink false]
               spindle-sim packets | tunnels | settings | routers [--sequences N] [--seed S] [--workers W] [--shrink false]
               spindle-sim proof
               spindle-sim sweep [--stride N] [--seed S] | --only CALL:NUMBER:KIND:ERROR
               spindle-sim net [--seed S] [--seeds N] [--days D] ... (spindle-sim net --help)

        Runs a script of epoll steps and prints what each step returned, one line a step.

          FILE      the script; - reads it from standard input
          --real    runs it on the running kernel instead of the model
          --diff    runs it on both and shows the first difference
          --help    shows this

          --version shows the version

        Steps are separated by ; or ends of lines; # at the start of a line is a comment. For instance:

          pipe p; epoll e; add e p.r IN|ET; write p.w 10; wait e 8; wait e 8

        check plays random sequences on the model and on the running kernel, and makes a difference short.

          --sequences N   how many (20000)
          --seed S        the first one's number (1); the same numbers play the same sequences
          --kind K        random, signals, pathlimits, exclusiveorder, fullrings, disarmedoneshots, nestedpruning, heldscans,
                          waiters, latewakes, datagrams, connections, files; heldscans needs CAP_SYS_PTRACE, or
                          vm.unprivileged_userfaultfd = 1; latewakes needs CAP_SYS_NICE
          --mutation M    puts a mistake into the model, to see it found; its name as proof prints it

        netlink plays random link, address, route and rule requests on the model and on the running kernel, each sequence (100)
        in a network namespace of its own: it needs root, or a user namespace (unshare -rn).

        packets does the same with UDP, raw and packet sockets on a pair of links, tunnels with /dev/net/tun, settings with what is
        under /proc/sys/net, routers with router advertisements by hand. --workers W plays W sequences at once (4).

        sweep lets each system call of the daemon's start and first 100 minutes fail once, with each error that it may meet, and
        wants it online all the same, and to stay so; --stride N: only every Nth call.
        --only plays one of them with its trace.

        proof puts every mistake it knows into the model, and says how soon each was found.

        Exit status: 0 done (with --diff: no difference), 1 a difference, 2 wrong usage or script.
        """;

    public static int Main(string[] args)
    {
        if (IsHelpWanted(args))
        {
            Console.Out.WriteLine(Help);
            return ExitStatus.Done;
        }

        if (args is ["--version"])
        {
            Console.Out.WriteLine(DaemonOptions.Version);
            return ExitStatus.Done;
        }

        try
        {
            return Run(args);
        }
        catch (ScriptException refused)
        {
            return Complain(refused.Message);
        }
    }

    private static int Run(string[] args)
    {
        return args switch
        {
            ["epoll", .. string[] rest] => EpollCommand.Run(rest),
            ["check", .. string[] rest] => CheckCommand.Run(rest),
            ["netlink" or "packets" or "tunnels" or "settings" or "routers", .. string[] rest] => NamespaceCommand.Run(args[0], rest),
            ["proof"] => ProofCommand.Run(),
            ["proof", string what, ..] => Complain($"'{what}' is not expected"),
            ["net", .. string[] rest] => NetCommand.Run(rest),
            ["sweep", .. string[] rest] => SweepCommand.Run(rest),
            [] => Complain("what shall be done?"),
            _ => Complain($"there is no '{args[0]}'"),
        };
    }

    // What net can do is a text of its own.
    private static bool IsHelpWanted(string[] args) => args is ["--help" or "-h" or "help"]
        or ["epoll" or "check" or "netlink" or "packets" or "tunnels" or "settings" or "routers" or "proof" or "sweep", "--help" or "-h"];

    internal static int Complain(string what)
    {
        Console.Error.WriteLine($"spindle-sim: {what} (spindle-sim --help)");
        return ExitStatus.Wrong;
    }

    /// <summary>The value of that name, in whatever case: its number, and several names, are none.</summary>
    internal static bool TryReadName<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        return text.Length > 0 && char.IsAsciiLetter(text[0]) && !text.Contains(',') && Enum.TryParse(text, ignoreCase: true, out value);
    }

    internal static bool TryReadText(string path, out string text, out string complaint)
    {
        text = complaint = "";
        try
        {
            text = path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            complaint = $"{path}: {(exception is FileNotFoundException or DirectoryNotFoundException ? "no such file" : exception.Message)}";
            return false;
        }
    }
}
