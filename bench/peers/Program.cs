using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Sepal.Cli;
using Sepal.Cli.Framework;
using Sepal.Peers;

// A process that this program started for one engine's own figures; kept from everything else, so that these are its own.
if (args is [EngineProcess.Marker, .. string[] work])
{
    EngineProcess.Serve(work);
    return ExitCodes.Done;
}

using var interruption = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return SepalCommand.Run(
    new PeersVerb { new HelpOption { Action = new HelpWithExamples() } }, args, Terminal.OfConsole(), interruption.Token);

void Interrupt(PosixSignalContext context)
{
    context.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
}
