using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Shrinking;

/// <summary>
/// Fine-tunes a shrunk model after the example of the model it was made of (distillation, Hinton, Vinyals and Dean,
/// https://arxiv.org/abs/1503.02531). Labels are optional: the teacher's answers do.
/// </summary>
public static class FineTuner
{
    /// <summary>Fine-tunes a model in place.</summary>
    /// <param name="student">
    /// A classifier with one input, images of <c>[batch, height, width, channels]</c>, whose output is logits or a softmax. It is
    /// given the numbers of the epoch that validation found the best, which are its own where none was better, also where
    /// fine-tuning is cancelled or fails. Frozen layers stay as they are, and what it was compiled with.
    /// </param>
    /// <param name="teacher">The model to follow, of the same inputs and classes; logits or a softmax. It stays as it is.</param>
    /// <param name="images">Images with labels, or without: see <see cref="FineTuningOptions.UsesLabels"/>.</param>
    /// <param name="options">How; the defaults where not given.</param>
    /// <returns>The epochs, measured on the validation images.</returns>
    /// <exception cref="TrainingException">Model, teacher and images do not fit together, an option makes no sense, or the loss stopped being a number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FineTuningResult Run(Model student, Model teacher, Dataset images, FineTuningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        options ??= new FineTuningOptions();
        options.RequireRanges();
        return ReferenceEquals(student, teacher)
            ? throw new TrainingException("The model to fine-tune and its teacher are the same. Give the original as the teacher, and a shrunk copy to fine-tune.")
            : Run(student, new Distillation(teacher) { Temperature = options.Temperature, Alpha = Share(options) }, images, options);
    }

    /// <summary>Fine-tunes a model in place, after a session such as one of an ONNX file.</summary>
    /// <param name="student">The model, see <see cref="Run(Model, Model, Dataset, FineTuningOptions?)"/>.</param>
    /// <param name="teacher">The session to follow; it stays yours.</param>
    /// <param name="images">Images with labels, or without: see <see cref="FineTuningOptions.UsesLabels"/>.</param>
    /// <param name="options">How; the defaults where not given.</param>
    /// <returns>The epochs, measured on the validation images.</returns>
    /// <exception cref="TrainingException">Model, teacher and images do not fit together, an option makes no sense, or the loss stopped being a number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FineTuningResult Run(Model student, InferenceSession teacher, Dataset images, FineTuningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        options ??= new FineTuningOptions();
        options.RequireRanges();
        return Run(student, new Distillation(teacher) { Temperature = options.Temperature, Alpha = Share(options) }, images, options);
    }

    private static double Share(FineTuningOptions options) => options.UsesLabels ? options.Alpha : 1;

    private static FineTuningResult Run(Model student, Distillation distillation, Dataset images, FineTuningOptions options)
    {
        ArgumentNullException.ThrowIfNull(images);
        RequireFit(student.Graph, images);
        (Dataset training, Dataset validation) = Divide(student.Graph, images, options);
        using Trunk whole = Trunk.Of(student, options.AddBatchNormalization ? training : null, options);
        Model trunk = whole.Model;
        Loss loss = options.UsesLabels ? LossFor(trunk.Graph, training) : new TeacherOnly();
        if (options.UsesLabels)
        {
            loss.RequireShapes(trunk.Graph.Outputs[0].Spec, validation.TargetShape);
        }

        trunk.Compile(options.Optimizer ?? DefaultOptimizer(training.Count, options), loss);
        using var judge = new StudentJudge(trunk, distillation, validation, options.UsesLabels, options.Threads, options.CancellationToken);
        var best = new BestEpoch(trunk, judge, options.Progress);
        try
        {
            trunk.Fit(training, new FitOptions
            {
                Epochs = options.Epochs,
                BatchSize = options.BatchSize,
                Seed = options.Seed,
                Threads = options.Threads,
                Callbacks = [best],
                ShowProgress = false,
                ClipNorm = options.ClipNorm,
                Distillation = distillation,
                CancellationToken = options.CancellationToken,
            });
        }
        finally
        {
            if (best.Best > 0)
            {
                whole.PutBack(student);
            }
        }

        return new FineTuningResult([.. best.Epochs], best.Best);
    }

    private static (Dataset Training, Dataset Validation) Divide(Graph graph, Dataset images, FineTuningOptions options)
    {
        if (options.Validation is { } given)
        {
            RequireFit(graph, given);
        }

        (Dataset training, Dataset validation) = options.Validation is { } validationImages
            ? (images, validationImages)
            : ImageSelection.HoldOut(images, options.ValidationShare);
        return options.UsesLabels
            ? (training, validation)
            : (new UnlabelledImages(training), new UnlabelledImages(validation));
    }

    private static void RequireFit(Graph graph, Dataset images)
    {
        OpenBatch.Require(graph);
        Shape expected = graph.Inputs[0].Shape.WithoutBatch();
        if (images.Count < 1)
        {
            throw new TrainingException("The data set is empty. Give at least one image.");
        }

        if (!images.InputShape.Equals(expected))
        {
            throw new TrainingException(
                $"The data set's images have the shape {images.InputShape}, but the model's input '{graph.Inputs[0].Name}' has {expected}. "
                + "Give images of the model's size.");
        }
    }

    private static Loss LossFor(Graph graph, Dataset images)
    {
        long classes = graph.Outputs[0].Spec.Channels.Value;
        return images.TargetShape switch
        {
            { Rank: 0 } => new SparseCategoricalCrossentropy { FromLogits = true },
            { Rank: 1 } shape when shape[0] == classes => new CategoricalCrossentropy { FromLogits = true },
            _ => throw new TrainingException(
                $"The images' targets have the shape {images.TargetShape}, but the model tells {classes} classes apart. "
                + "Give one class number or one row of probabilities an image, or fine-tune without labels."),
        };
    }

    private static Adam DefaultOptimizer(int count, FineTuningOptions options)
    {
        long steps = checked((long)options.Epochs * (((long)count + options.BatchSize - 1) / options.BatchSize));
        long warmup = Math.Max(steps / 20, 1);
        return new Adam(new WarmupSchedule(warmup, new CosineSchedule(options.LearningRate, Math.Max(steps - warmup, 1))));
    }
}
