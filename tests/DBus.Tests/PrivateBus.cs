using System;
using System.Diagnostics;
using System.IO;

namespace Spindle.DBus.Tests;

/// <summary>A real dbus-daemon of our own, in a folder of our own.</summary>
internal sealed class PrivateBus : IDisposable
{
    private const string Configuration = """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>session</type>
          <listen>unix:path=SOCKET</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow send_destination="*" eavesdrop="true"/>
            <allow eavesdrop="true"/>
            <allow own="*"/>
            <deny own="net.forbidden"/>
          </policy>
        </busconfig>
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("spindle-bus-").FullName;
    private Process? daemon;

    public PrivateBus() => Start();

    public string Address => $"unix:path={SocketPath}";

    public int ProcessId => daemon!.Id;

    private string SocketPath => Path.Combine(folder, "bus");

    public void Start()
    {
        File.WriteAllText(Path.Combine(folder, "bus.conf"), Configuration.Replace("SOCKET", SocketPath, StringComparison.Ordinal));
        File.Delete(SocketPath);
        ProcessStartInfo start = new("dbus-daemon")
        {
            ArgumentList = { "--config-file=" + Path.Combine(folder, "bus.conf"), "--nofork", "--print-address" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        daemon = Process.Start(start)!;
        daemon.BeginErrorReadLine();
        Assert.NotNull(daemon.StandardOutput.ReadLine());
    }

    public void End()
    {
        if (daemon is not null)
        {
            daemon.Kill();
            daemon.WaitForExit();
            daemon.Dispose();
            daemon = null;
        }
    }

    public void Pause(bool isOn) => Run("kill", isOn ? "-STOP" : "-CONT", ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose()
    {
        End();
        Directory.Delete(folder, recursive: true);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
