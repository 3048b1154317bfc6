#pragma warning disable
using System;using System.Collections.Immutable;using Spindle.Loop;using Spindle.Model;using Spindle.Kernels;using Spindle.Daemon.Logging;
namespace Spindle.Daemon.Provisioning { public sealed class ProvisioningDirectory(EventLoop l,string d,Log log,Action<ImmutableArray<ProvisionedService>> c){ public void Start(){} } }
namespace Spindle.Daemon.ServiceManager { public static class Background { public static bool IsChild=>true; public static int Start(Kernel k)=>0; } public sealed class Readiness(EventLoop l, Log g){ public void Ready(){g.Information("ready");} public void Stopping(string s){} public void Failed(string s){} } }
namespace Spindle.Daemon.Execution { internal sealed class RouterExecutor(EventLoop l,Log g,Action<ModelInput> s){ public void Open(){} public bool Execute(ModelOutput o)=>o is ModelOutput.StartRouterDiscovery or ModelOutput.StopRouterDiscovery or ModelOutput.SetIpv6;}
 internal sealed class NameExecutor(Kernel k,Log g,string? r){ public bool Execute(ModelOutput o){ if(o is ModelOutput.SetResolvers x){g.Information(string.Join(",",x.Servers));return true;} return o is ModelOutput.SetHostName or ModelOutput.SetDomainName;} } }
