using System.Globalization;
using System.Threading.Tasks;
using static Spindle.Scenarios.LibvirtLab;

namespace Spindle.Scenarios;

/// <summary>Users other than root at the libvirt door, with the real polkitd, by libvirt's own virsh.</summary>
[Trait("Daemon", "spindled")]
[Trait("Needs", "libvirt")]
public sealed class PolicyKitScenarios
{
    // The actions that libvirt's own packages describe: everybody may look, whoever is an administrator may change.
    private const string Actions = """
        <!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN"
          "http://www.freedesktop.org/standards/PolicyKit/1.0/policyconfig.dtd">
        <policyconfig>
          <action id="org.libvirt.unix.monitor"><description>look</description><message>look</message>
            <defaults><allow_any>yes</allow_any><allow_inactive>yes</allow_inactive><allow_active>yes</allow_active></defaults></action>
          <action id="org.libvirt.unix.manage"><description>change</description><message>change</message>
            <defaults><allow_any>auth_admin_keep</allow_any><allow_inactive>auth_admin_keep</allow_inactive>
              <allow_active>auth_admin_keep</allow_active></defaults></action>
        </policyconfig>
        """;

    private const string Rules = """
        polkit.addRule(function(action, subject) {
            if (action.id == "org.libvirt.unix.manage" && subject.isInGroup("libvirt")) { return polkit.Result.YES; }
        });
        """;

    [Fact]
    public async Task Users_come_in_as_polkit_decides()
    {
        await using Lab lab = await Lab.BuildAsync();
        long users = long.Parse(await lab.ShellAsync("tr -s ' ' '\\n' </proc/self/uid_map | tail -n 1"), CultureInfo.InvariantCulture);
        if (users <= 0xFFFF)
        {
            return; // in a user's namespace there is nobody but root
        }

        await lab.ShellAsync(
            "echo alice:x:1234:1234::/:/bin/sh >>/etc/passwd; echo bob:x:1235:1235::/:/bin/sh >>/etc/passwd; echo libvirt:x:4321:alice >>/etc/group; "
            + "mkdir -p /run/actions /etc/polkit-1/rules.d; mount --bind /run/actions /usr/share/polkit-1/actions; "
            + "cp /usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf /run/lab/bus.d/");
        await lab.WriteAsync("/run/actions/org.libvirt.unix.policy", Actions);
        await lab.WriteAsync("/etc/polkit-1/rules.d/60-libvirt.rules", Rules);
        await lab.WriteAsync("/etc/connman/main.conf", On);
        await lab.ClientAsync("bus", "restart");
        await lab.StartDaemonAsync();
        const string Refused = "error: failed to connect to the hypervisor\nerror: ";
        const string NoService = "error from service: org.freedesktop.DBus.Error.ServiceUnknown: "
            + "The name org.freedesktop.PolicyKit1 was not provided by any .service files";
        Assert.Equal((1, Refused + NoService), await AsAsync(lab, 1234));

        lab.Watch("/usr/lib/polkit-1/polkitd", "--no-debug");
        await lab.UntilAsync(
            async () => (await lab.TryAsync(
                "dbus-send", "--system", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.PolicyKit1")).Output.Contains("true"),
            "polkitd");
        Assert.Equal((0, Mac), await AsAsync(lab, 1234));
        Assert.Equal((0, Mac), await AsAsync(lab, 1234, "-r"));
        const string NoAgent = "authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'";
        Assert.Equal((1, Refused + NoAgent), await AsAsync(lab, 1235)); // a password is wanted, and nobody is there who could ask for it
        Assert.Equal((0, Mac), await AsAsync(lab, 1235, "-r"));
        await lab.WriteAsync("/etc/polkit-1/rules.d/50-nobody.rules", "polkit.addRule(function(action, subject) { return polkit.Result.NO; });\n");
        await lab.UntilAsync(
            async () => await AsAsync(lab, 1235, "-r") == (1, Refused + "authentication failed: access denied by policy"), "the new rule");
        Assert.Equal((0, Mac), await lab.RealVirshAsync("iface-mac", "eth0"));
        string log = await lab.DaemonLogAsync();
        Assert.Matches("libvirt: user 1234, process \\d+ is not let in: error from service: ", log);
        Assert.Matches("libvirt: user 1235, process \\d+ is not let in: authentication unavailable: no polkit agent", log);
    }

    private static Task<(int Status, string Output)> AsAsync(Lab lab, int user, params string[] options) => lab.SaidAsync(
        ["setpriv", "--reuid", $"{user}", "--regid", $"{user}", "--init-groups", "virsh", .. options, "-c", "interface:///system", "iface-mac", "eth0"]);
}
