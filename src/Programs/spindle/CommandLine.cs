using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Completions;
using System.IO;
using System.Linq;

namespace Spindle.Programs;

/// <summary>The commands and their options.</summary>
internal static class CommandLine
{
    public static int Run(IReadOnlyList<string> arguments, Surroundings surroundings)
    {
        ParseResult parsed = Build(surroundings).Parse(arguments);
        InvocationConfiguration configuration = new()
        {
            Output = surroundings.Output,
            Error = surroundings.Errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            int code = parsed.Invoke(configuration);
            surroundings.Output.Flush();
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (CommandException exception)
        {
            surroundings.Output.Flush();
            surroundings.Errors.WriteLine($"spindle: {exception.Message}");
            return exception.Code;
        }
        catch (IOException)
        {
            return ExitCode.OutputClosed;
        }
    }

    private static RootCommand Build(Surroundings surroundings)
    {
        Option<bool> json = new("--json")
        {
            Description = "Print JSON, with the names of the D-Bus interface, for scripts.",
            Recursive = true,
        };
        RootCommand root = new("Shows and steers the network through spindled (or any owner of net.connman).")
        {
            json,
            Status(json, surroundings),
            Services(json, surroundings),
            Connect(json, surroundings),
            Disconnect(json, surroundings),
            Monitor(json, surroundings),
        };
        return root;
    }

    private static Command Status(Option<bool> json, Surroundings surroundings)
    {
        Command command = new("status", "Shows the state of the network, of the daemon and of each technology.");
        command.SetAction(parsed => WithClient(surroundings, client =>
            StatusCommand.Run(client, surroundings, parsed.GetValue(json))));
        return command;
    }

    private static Command Services(Option<bool> json, Surroundings surroundings)
    {
        Argument<string?> name = Name(surroundings, ArgumentArity.ZeroOrOne);
        Command command = new("services", "Lists the services, the one with the default route first; or shows one in full.") { name };
        command.SetAction(parsed => WithClient(surroundings, client =>
            ServicesCommand.Run(client, surroundings, parsed.GetValue(name), parsed.GetValue(json))));
        return command;
    }

    private static Command Connect(Option<bool> json, Surroundings surroundings)
    {
        Argument<string?> name = Name(surroundings, ArgumentArity.ExactlyOne);
        Command command = new("connect", "Connects a service, and waits until it is or cannot be.") { name };
        command.SetAction(parsed => WithClient(surroundings, client =>
            ConnectCommand.Connect(client, surroundings, parsed.GetValue(name)!, parsed.GetValue(json))));
        return command;
    }

    private static Command Disconnect(Option<bool> json, Surroundings surroundings)
    {
        Argument<string?> name = Name(surroundings, ArgumentArity.ExactlyOne);
        Command command = new("disconnect", "Disconnects a service; it stays so until it is connected again.") { name };
        command.SetAction(parsed => WithClient(surroundings, client =>
            ConnectCommand.Disconnect(client, surroundings, parsed.GetValue(name)!, parsed.GetValue(json))));
        return command;
    }

    private static Command Monitor(Option<bool> json, Surroundings surroundings)
    {
        Command command = new("monitor", "Prints what changes, until it is interrupted.");
        command.SetAction(parsed => WithClient(surroundings, client =>
            MonitorCommand.Run(client, surroundings, parsed.GetValue(json))));
        return command;
    }

    private static Argument<string?> Name(Surroundings surroundings, ArgumentArity arity)
    {
        Argument<string?> name = new("NAME")
        {
            Description = "A service's name, its identifier, or its object path.",
            HelpName = "NAME",
            Arity = arity,
        };
        name.CompletionSources.Add(_ => Identifiers(surroundings));
        return name;
    }

    // For shells: no daemon, nothing to complete.
    private static IEnumerable<CompletionItem> Identifiers(Surroundings surroundings)
    {
        try
        {
            using BusClient client = new(surroundings.BusAddress);
            return [.. client.Services().Select(static service => new CompletionItem(service.Identifier))];
        }
        catch (CommandException)
        {
            return [];
        }
    }

    private static int WithClient(Surroundings surroundings, Func<BusClient, int> action)
    {
        using BusClient client = new(surroundings.BusAddress);
        return action(client);
    }
}
