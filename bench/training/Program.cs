using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Sepal.Cli;
using Sepal.Cli.Framework;
using Sepal.TrainingSpeed;

// A process that this program started for one row; kept from everything else, so that the peak of memory is the row's own.
if (args is [RowProcess.Marker, .. string[] work])
{
    RowProcess.Serve(work);
    return ExitCodes.Done;
}

using var interruption = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return SepalCommand.Run(
    new TrainingVerb { new HelpOption { Action = new HelpWithExamples() } }, args, Terminal.OfConsole(), interruption.Token);

void Interrupt(PosixSignalContext context)
{
    context.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
}
