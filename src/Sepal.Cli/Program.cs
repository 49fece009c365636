using System.Runtime.InteropServices;
using System.Text;
using Sepal.Cli;
using Sepal.Cli.Framework;

if (Console.IsOutputRedirected || OperatingSystem.IsWindows())
{
    // Tables use box-drawing characters, and what is piped or written to a file is UTF-8 wherever it is read next.
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}

using var interruption = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return SepalCommand.Run(args, Terminal.OfConsole(), interruption.Token);

void Interrupt(PosixSignalContext context)
{
    // The first signal lets the verb finish cleanly; a second one, from someone who will not wait, ends the process.
    context.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
}
