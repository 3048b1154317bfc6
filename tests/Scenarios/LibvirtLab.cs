using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>What all scenarios of the libvirt door begin with.</summary>
internal static class LibvirtLab
{
    /// <summary>main.conf with the door on.</summary>
    public const string On = "[General]\n[Libvirt]\nenabled=true\n";

    /// <summary>The hardware address of eth0.</summary>
    public const string Mac = "02:5d:00:00:00:01";

    /// <summary>eth0 with an address by hand.</summary>
    public const string Static = """
        <interface type='ethernet' name='eth0'>
          <start mode='onboot'/>
          <protocol family='ipv4'>
            <ip address='10.77.0.20' prefix='24'/>
            <route gateway='10.77.0.1'/>
          </protocol>
        </interface>
        """;

    /// <summary>The client of the lab with a codec of its own.</summary>
    public static string Client => Path.Combine(Lab.Root, "lab/tools/libvirt-client");

    /// <summary>A lab whose daemon is online, with this main.conf.</summary>
    public static async Task<Lab> OnlineAsync(string main = On, [CallerMemberName] string scenario = "")
    {
        Lab lab = await Lab.BuildAsync(scenario: scenario);
        try
        {
            await lab.WriteAsync("/etc/connman/main.conf", main);
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

    /// <summary>A bridge br7 (02:00:00:00:07:00) with the port port7 (…:01), whose other end is port8 (…:02).</summary>
    public static Task<string> AddBridgeAsync(this Lab lab) => lab.ShellAsync(
        "ip link add br7 address 02:00:00:00:07:00 type bridge stp_state 1 forward_delay 400 && "
        + "ip link add port7 address 02:00:00:00:07:01 type veth peer name port8 address 02:00:00:00:07:02 && "
        + "ip link set port7 master br7 up && ip link set br7 up");

    /// <summary>Runs libvirt's own virsh: its exit status, and what it said on both outputs without the empty lines.</summary>
    public static Task<(int Status, string Output)> RealVirshAsync(this Lab lab, params string[] arguments) =>
        SaidAsync(lab, ["virsh", "-c", "interface:///system", .. arguments]);

    /// <summary>The same with a connection that may only read.</summary>
    public static Task<(int Status, string Output)> ReadOnlyVirshAsync(this Lab lab, params string[] arguments) =>
        SaidAsync(lab, ["virsh", "-r", "-c", "interface:///system", .. arguments]);

    /// <summary>Runs libvirt's own virt-admin.</summary>
    public static Task<(int Status, string Output)> VirtAdminAsync(this Lab lab, params string[] arguments) =>
        SaidAsync(lab, ["virt-admin", "-c", "virtinterfaced:///system", .. arguments]);

    /// <summary>Runs a command: its exit status, and what it said on both outputs, without empty lines and blanks at the ends of lines.</summary>
    public static async Task<(int Status, string Output)> SaidAsync(this Lab lab, params string[] command)
    {
        (int status, string output) = await lab.TryAsync(command);
        return (status, string.Join('\n', output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)));
    }
}
