using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Onnx;

namespace Sepal.Cli.Training;

/// <summary>The directory of a training run: what is written there, and what an earlier run has left.</summary>
/// <param name="directory">Where it is.</param>
internal sealed class TrainingFiles(string directory)
{
    private const string Settings = "settings.json";
    private const string Epochs = "history.csv";

    /// <summary>The model of the best epoch.</summary>
    public string BestModelPath => Path.Combine(directory, "model.onnx");

    /// <summary>The model of the last epoch.</summary>
    public string LastModelPath => Path.Combine(directory, "last.onnx");

    /// <summary>The page.</summary>
    public string PagePath => Path.Combine(directory, "report.html");

    /// <summary>Where TensorBoard's files go.</summary>
    public string TensorBoardPath => Path.Combine(directory, "tensorboard");

    /// <summary>The directory.</summary>
    public string DirectoryPath => directory;

    /// <summary>Where the checkpoints go.</summary>
    public string CheckpointsPath => Path.Combine(directory, "checkpoints");

    /// <summary>Where those of fine-tuning go.</summary>
    public string FinetuneCheckpointsPath => Path.Combine(CheckpointsPath, "finetune");

    /// <summary>Whether there is a checkpoint to go on from, whole or not.</summary>
    public bool HasCheckpoints => Holds(CheckpointsPath);

    private string SettingsPath => Path.Combine(directory, Settings);

    /// <summary>A directory that is not there yet: <c>runs/train</c>, <c>runs/train-2</c>, ….</summary>
    /// <returns>Its path.</returns>
    public static string NextDirectory()
    {
        string first = Path.Combine("runs", "train");
        for (int number = 1; ; number++)
        {
            string path = number == 1 ? first : string.Create(CultureInfo.InvariantCulture, $"{first}-{number}");
            if (!Path.Exists(path))
            {
                return path;
            }
        }
    }

    /// <summary>Refuses a directory that has something in it.</summary>
    /// <exception cref="UsageException">There is something.</exception>
    public void RequireEmpty()
    {
        if (!IsEmpty())
        {
            throw UsageException.ForOption("--out", directory, File.Exists(SettingsPath)
                ? "a directory without a training run; this one has one, which is not overwritten: give --resume to go on with it, or another directory"
                : "an empty directory or a new one; this one has other files in it, which are not overwritten");
        }
    }

    /// <summary>Reads what the run in the directory follows from.</summary>
    /// <returns>Its settings; null where there is no directory, or nothing in it.</returns>
    /// <exception cref="UsageException">There is something else in it, or the settings cannot be read.</exception>
    public TrainingSettings? ReadSettings()
    {
        if (!File.Exists(SettingsPath))
        {
            RequireEmpty();
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(SettingsPath), CliJson.Default.TrainingSettings)
                ?? throw new JsonException("nothing is in it");
        }
        catch (JsonException exception)
        {
            throw new UsageException(
                $"The settings '{SettingsPath}' of the run to be resumed cannot be understood: {exception.Message.TrimEnd('.')}. "
                + "Bring them back, or begin anew in another directory.");
        }
    }

    /// <summary>Makes the directory, and tries it before anything costly is done for its sake.</summary>
    /// <param name="settings">What the run follows from; written at once.</param>
    /// <exception cref="UsageException">Nothing can be written there.</exception>
    public void Begin(TrainingSettings settings)
    {
        try
        {
            Directory.CreateDirectory(directory);
            AtomicFile.Write(SettingsPath, JsonSerializer.Serialize(settings, CliJson.Default.TrainingSettings));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw UsageException.ForOption("--out", directory, $"a directory that can be made and written to ({exception.Message.TrimEnd('.')})");
        }
    }

    /// <summary>Makes sure that the best epoch's model is there, where a resumed run has done that epoch before.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <exception cref="UsageException">It is missing.</exception>
    public void RequireBestModel(int epoch)
    {
        if (!File.Exists(BestModelPath))
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model '{BestModelPath}' of epoch {epoch}, the best so far, is missing. Bring it back, or begin anew in another directory."));
        }
    }

    /// <summary>Writes the epochs so far.</summary>
    /// <param name="epochs">The epochs.</param>
    public void WriteHistory(ImmutableArray<TrainingEpoch> epochs)
    {
        var text = new StringWriter();
        Csv.Write(TrainingHistory.Table(epochs), text);
        AtomicFile.Write(Path.Combine(directory, Epochs), text.ToString());
    }

    /// <summary>Writes the page.</summary>
    /// <param name="page">Its text.</param>
    public void WritePage(string page) => AtomicFile.Write(PagePath, page);

    /// <summary>Writes a model, so that <c>sepal predict</c> and other programs can use it.</summary>
    /// <param name="path">One of the paths above.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">What the file says of its input and classes.</param>
    public static void WriteModel(string path, Model model, OnnxExportOptions options) =>
        AtomicFile.Write(path, stream => model.ExportOnnx(stream, options));

    /// <summary>Whether there is a checkpoint in a directory, whole or not.</summary>
    /// <param name="checkpoints">One of the paths above.</param>
    /// <returns>Whether there is.</returns>
    public static bool Holds(string checkpoints) => Directory.Exists(checkpoints)
        && Directory.EnumerateDirectories(checkpoints, "step-*").Any(path => !path.EndsWith(".tmp", StringComparison.Ordinal));

    private bool IsEmpty() => !Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any();
}
