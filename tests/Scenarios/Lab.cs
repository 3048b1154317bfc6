using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>
/// One lab of <c>lab/lab</c>: a client and a network in namespaces of their own, without a name outside, so any number run side by side.
/// Disposing ends it and asserts that no process is left in its namespaces. Waiting is by condition; the limits are for broken machines.
/// </summary>
public sealed class Lab : IAsyncDisposable
{
    /// <summary>Link <c>eth0</c> as a service.</summary>
    public const string Wired = "ethernet_025d00000001_cable";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _network;
    private readonly string _client;
    private readonly string _logs;
    private readonly List<string> _namespaces;

    private Lab(Process process, string network, string client, string logs)
    {
        _process = process;
        _network = network;
        _client = client;
        _logs = logs;
        _namespaces = Namespaces(network).Concat(Namespaces(client)).Except(Namespaces("self")).ToList();
        Assert.Equal(8, _namespaces.Count); // net, mnt, uts of both; pid and ipc are common
    }

    /// <summary>Root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Builds a lab; the daemon does not run yet and the cable is out.</summary>
    public static async Task<Lab> BuildAsync(string settings = "", [CallerMemberName] string scenario = "")
    {
        string logs = Path.Combine(Root, "artifacts", "scenarios", scenario);
        if (Directory.Exists(logs))
        {
            Directory.Delete(logs, recursive: true);
        }

        ProcessStartInfo start = Command(Path.Combine(Root, "lab/lab"), ["up"]);
        start.RedirectStandardInput = true;
        start.Environment["LAB_LOGS"] = logs;
        foreach (string setting in settings.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = setting.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        Process process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line is null || !line.StartsWith("READY ", StringComparison.Ordinal))
        {
            string error = await process.StandardError.ReadToEndAsync();
            Assert.Fail($"the lab did not start: {line} {error}");
        }

        Dictionary<string, string> pids = line["READY ".Length..].Split(' ').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return new Lab(process, pids["network"], pids["client"], logs);
    }

    /// <summary>Builds a lab, starts the daemon and, if asked, plugs the cable and waits for <c>online</c>.</summary>
    public static async Task<Lab> OnlineAsync(string settings = "", [CallerMemberName] string scenario = "")
    {
        Lab lab = await BuildAsync(settings, scenario);
        try
        {
            await lab.StartDaemonAsync();
            await lab.CableInAsync();
            await lab.UntilStateAsync("online");
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    // --- commands ---------------------------------------------------------------------------------------------------

    /// <summary>Runs a command in the client; it must end with 0.</summary>
    public Task<string> ClientAsync(params string[] command) => MustAsync(_client, command);

    /// <summary>Runs a shell line in the client; it must end with 0.</summary>
    public Task<string> ShellAsync(string line) => MustAsync(_client, ["bash", "-c", line]);

    /// <summary>Runs a command in the network; it must end with 0.</summary>
    public Task<string> NetworkAsync(params string[] command) => MustAsync(_network, command);

    /// <summary>Runs a command in the client, however it ends: status, output and error output together.</summary>
    public Task<(int Status, string Output)> TryAsync(params string[] command) => RunAsync(_client, command);

    /// <summary>Runs ConnMan's own command line. It says errors on its output and ends with 0.</summary>
    public Task<string> ConnmanctlAsync(params string[] arguments) => MustAsync(_client, ["connmanctl", .. arguments]);

    /// <summary>Starts a command in the client and keeps its lines.</summary>
    public Watch Watch(params string[] command) => new(Command(Path.Combine(Root, "lab/lab"), ["exec", _client, .. command]));

    /// <summary>Watches the signals of net.connman as dbus-monitor prints them.</summary>
    public async Task<Watch> WatchSignalsAsync()
    {
        Watch watch = Watch("dbus-monitor", "--system", "type='signal',sender='net.connman'");
        await watch.UntilAsync("NameAcquired|NameLost|signal"); // what dbus-monitor prints when its rules are in force
        return watch;
    }

    /// <summary>Starts the daemon and waits until it owns its name.</summary>
    public Task StartDaemonAsync(params string[] options) => MustAsync(_client, ["daemon", "start", .. options]);

    /// <summary>SIGTERM, and waits until the daemon has ended.</summary>
    public Task StopDaemonAsync() => ClientAsync("daemon", "stop");

    /// <summary>Sends a signal to the daemon.</summary>
    public Task SignalDaemonAsync(string signal) => ClientAsync("daemon", "kill", signal);

    /// <summary>What the daemon has logged.</summary>
    public async Task<string> DaemonLogAsync()
    {
        string path = Path.Combine(_logs, "daemon.log");
        return File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
    }

    /// <summary>What dnsmasq has logged: one word a DHCP message of eth0's conversation, from the given line on.</summary>
    public async Task<List<string>> DhcpAsync(int fromLine = 0)
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(_logs, "dnsmasq.log"));
        return lines.Skip(fromLine)
            .SelectMany(line => line.Split(' '))
            .Where(word => word.StartsWith("DHCP", StringComparison.Ordinal) && word.Contains('('))
            .Select(word => word[..word.IndexOf('(')])
            .ToList();
    }

    /// <summary>How many lines dnsmasq has logged so far.</summary>
    public async Task<int> DhcpMarkAsync() => (await File.ReadAllLinesAsync(Path.Combine(_logs, "dnsmasq.log"))).Length;

    public Task CableInAsync(string cable = "cable") => ClientAsync("cable", "in", cable);

    public Task CableOutAsync(string cable = "cable") => ClientAsync("cable", "out", cable);

    /// <summary>What the web server answers from now on (see lab/tools/http-server).</summary>
    public Task HttpAsync(string mode) => ShellAsync($"echo {mode} >/run/lab/http-mode.new && mv /run/lab/http-mode.new /run/lab/http-mode");

    /// <summary>Requests that the web server has seen.</summary>
    public async Task<string> HttpLogAsync() => await File.ReadAllTextAsync(Path.Combine(_logs, "http.log"));

    /// <summary>Writes a file of the client, in one piece.</summary>
    public async Task WriteAsync(string path, string text)
    {
        string hex = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
        await ShellAsync($"echo {hex} | base64 -d >{path}.new && mv {path}.new {path}");
    }

    // --- what is the case -------------------------------------------------------------------------------------------

    /// <summary>Manager.State.</summary>
    public async Task<string> StateAsync()
    {
        string output = await ConnmanctlAsync("state");
        return Property(output, "State");
    }

    /// <summary>Services in order: flags as connmanctl shows them (<c>*AO</c>) and identifier.</summary>
    public async Task<List<(string Flags, string Id)>> ServicesAsync()
    {
        string output = await ConnmanctlAsync("services");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Length > 4 && !line.StartsWith("Error", StringComparison.Ordinal))
            .Select(line => (line[..3], line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]))
            .ToList();
    }

    /// <summary>A property of a service as connmanctl prints it, or "" when it has none.</summary>
    public async Task<string> ServiceAsync(string property, string service = Wired)
    {
        return Property(await ConnmanctlAsync("services", service), property);
    }

    /// <summary>The link of a service.</summary>
    public async Task<string> ServiceLinkAsync(string service)
    {
        string ethernet = await ServiceAsync("Ethernet", service);
        return ethernet.Split("Interface=")[^1].Split(',')[0].Trim();
    }

    /// <summary>IPv4 addresses of a link with their prefix length.</summary>
    public async Task<List<string>> AddressesAsync(string link = "eth0", string family = "-4", string options = "")
    {
        string output = await ShellAsync($"ip {family} -o addr show dev {link} {options}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => words[Array.FindIndex(words, word => word.StartsWith("inet", StringComparison.Ordinal)) + 1])
            .ToList();
    }

    public Task UntilStateAsync(string state) => UntilAsync(async () => await StateAsync() == state, $"State {state}");

    /// <summary>Waits for a condition and asks again and again; fails, saying what was waited for, when patience ends.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what, int seconds = 60)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > TimeSpan.FromSeconds(seconds))
            {
                Assert.Fail($"waited {seconds} s for: {what}\n{await SituationAsync()}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>A condition that must hold now and a while longer: for what must not happen.</summary>
    public async Task StaysAsync(Func<Task<bool>> condition, string what, double seconds = 2)
    {
        long startedAt = Stopwatch.GetTimestamp();
        do
        {
            Assert.True(await condition(), $"does not stay so: {what}");
            await Task.Delay(50);
        }
        while (Stopwatch.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(seconds));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        long startedAt = Stopwatch.GetTimestamp();
        List<string> left;
        while ((left = ProcessesInNamespaces()).Count > 0 && Stopwatch.GetElapsedTime(startedAt) < Patience)
        {
            await Task.Delay(20); // the kernel ends what was in the pid namespace after process 1
        }

        Assert.Empty(left);
    }

    // --- parts ------------------------------------------------------------------------------------------------------

    private static string Property(string output, string name)
    {
        string? line = output.Split('\n').Select(text => text.Trim()).FirstOrDefault(text => text.StartsWith(name + " = ", StringComparison.Ordinal));
        return line is null ? "" : line[(name.Length + 3)..].Trim();
    }

    private static async Task<string> MustAsync(string pid, string[] command)
    {
        (int status, string output) = await RunAsync(pid, command);
        Assert.True(status == 0, $"{string.Join(' ', command)} ended with {status}: {output}");
        return output;
    }

    private static async Task<(int Status, string Output)> RunAsync(string pid, string[] command)
    {
        using Process process = Process.Start(Command(Path.Combine(Root, "lab/lab"), ["exec", pid, .. command]))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return (process.ExitCode, await output + await error);
    }

    private static ProcessStartInfo Command(string file, IEnumerable<string> arguments)
    {
        return new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
    }

    private static List<string> Namespaces(string pid)
    {
        string[] kinds = ["net", "mnt", "uts", "pid", "ipc"];
        return kinds.Select(kind => new FileInfo($"/proc/{pid}/ns/{kind}").LinkTarget ?? "").Where(link => link.Length > 0).Distinct().ToList();
    }

    private List<string> ProcessesInNamespaces()
    {
        List<string> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                if (Namespaces(Path.GetFileName(folder)).Intersect(_namespaces).Any())
                {
                    found.Add(File.ReadAllText($"{folder}/cmdline").Replace('\0', ' '));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is not ours.
            }
        }

        return found;
    }

    private async Task<string> SituationAsync()
    {
        (_, string services) = await TryAsync("bash", "-c", "timeout 5 connmanctl state; timeout 5 connmanctl services; ip -br addr; ip route; cat /etc/resolv.conf");
        string log = await DaemonLogAsync();
        return $"{services}\n{log[Math.Max(0, log.Length - 4000)..]}";
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Spindle.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
