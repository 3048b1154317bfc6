using Spindle.Basics;
using Spindle.Daemon.HostName;
using Spindle.Daemon.Logging;
using Spindle.Daemon.ResolvConf;
using Spindle.Kernels;
using Spindle.Model;

namespace Spindle.Daemon.Execution;

/// <summary>Writes resolv.conf and sets the host's and the domain's name, as the model says.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="log">The log.</param>
/// <param name="resolvConf">main.conf's <c>ResolvConf</c>.</param>
internal sealed class NameExecutor(Kernel kernel, Log log, string? resolvConf)
{
    private readonly ResolvConfFile file = new(kernel, ResolvConfFile.ChoosePath(kernel, resolvConf));
    private readonly HostNameSetter names = new(kernel);

    public bool Execute(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.SetResolvers resolvers:
                Write(resolvers);
                return true;
            case ModelOutput.SetHostName(string name):
                Say("host name", name, names.SetHostName(name));
                return true;
            case ModelOutput.SetDomainName(string name):
                Say("domain name", name, names.SetDomainName(name));
                return true;
            default:
                return false;
        }
    }

    private void Write(ModelOutput.SetResolvers resolvers)
    {
        string content = ResolvConfContent.Build(
            resolvers.Servers.Map(static plan => new ResolvConfServer(plan.Server, plan.LinkName)),
            resolvers.Domains);
        Result result = file.Write(content);
        string key = $"resolv.conf {result.Error}";
        if (!result.IsOk && log.Once(key))
        {
            log.Warning($"{file.Path} cannot be written: {result.Error}");
        }
    }

    private void Say(string what, string name, Result result)
    {
        if (result.Is(Errno.EINVAL))
        {
            log.Warning($"{what} '{name}' from the network is refused");
        }
        else if (!result.IsOk)
        {
            log.Warning($"{what} '{name}' cannot be set: {result.Error}");
        }
        else if (result.Value > 0)
        {
            log.Information($"{what} is now '{name}'");
        }
    }
}
