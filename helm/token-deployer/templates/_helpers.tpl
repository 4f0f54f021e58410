{{/* Name of the objects. */}}
{{- define "token-deployer.fullname" -}}
{{- $default := .Release.Name -}}
{{- if not (contains .Chart.Name .Release.Name) -}}
{{- $default = printf "%s-%s" .Release.Name .Chart.Name -}}
{{- end -}}
{{- .Values.fullnameOverride | default $default | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What tells the pods of this release from all others. Never changes: a selector cannot. */}}
{{- define "token-deployer.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: deployer
{{- end -}}

{{- define "token-deployer.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "token-deployer.labels" -}}
{{ include "token-deployer.selectorLabels" . }}
{{ include "token-deployer.commonLabels" . }}
{{- end -}}

{{/* Labels of an object, as a dictionary in YAML. The chart's own win over those of the values. */}}
{{- define "token-deployer.allLabels" -}}
{{- $own := include (.own | default "token-deployer.labels") .root | fromYaml -}}
{{- toYaml (merge $own (deepCopy (.labels | default dict)) (deepCopy .root.Values.commonLabels)) -}}
{{- end -}}

{{/* The metadata of an object: root, and optionally name, namespace, labels and annotations. */}}
{{- define "token-deployer.metadata" -}}
name: {{ .name | default (include "token-deployer.fullname" .root) }}
{{- with .namespace }}
namespace: {{ . }}
{{- end }}
labels:
  {{- include "token-deployer.allLabels" . | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The pod of `helm test`: not one of the service's, which a selector would take it for. */}}
{{- define "token-deployer.testLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: test
{{ include "token-deployer.commonLabels" . }}
{{- end -}}

{{- define "token-deployer.serviceAccountName" -}}
{{- $made := ternary (include "token-deployer.fullname" .) "default" .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default $made -}}
{{- end -}}

{{- define "token-deployer.image" -}}
{{- $registry := dig "imageRegistry" "" (.Values.global | default dict) | default .Values.image.registry -}}
{{- with .Values.image -}}
{{- $repository := empty $registry | ternary .repository (printf "%s/%s" $registry .repository) -}}
{{- if .digest -}}
{{ $repository }}@{{ .digest }}
{{- else -}}
{{ $repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Who a pod is, and where it may run. */}}
{{- define "token-deployer.placement" -}}
serviceAccountName: {{ include "token-deployer.serviceAccountName" . }}
automountServiceAccountToken: false
# Otherwise a service named `redis` would come in as REDIS_PORT and the like.
enableServiceLinks: false
{{- range $field := list "imagePullSecrets" "priorityClassName" "nodeSelector" "tolerations" "affinity" "runtimeClassName" "schedulerName" "dnsPolicy" "dnsConfig" "hostAliases" }}
{{- with get $.Values $field }}
{{ dict $field . | toYaml }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the restricted level of Pod Security asks of a pod, with the values over it. OpenShift chooses user and group. */}}
{{- define "token-deployer.podSecurityContext" -}}
{{- $own := dict "runAsNonRoot" true "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- if not .Values.openshift.enabled -}}
{{- $own = merge $own (dict "runAsUser" 1000 "runAsGroup" 1000 "fsGroup" 1000) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $own (deepCopy .Values.podSecurityContext)) -}}
{{- end -}}

{{/* And of a container; a read-only root is more than it asks. */}}
{{- define "token-deployer.containerSecurityContext" -}}
{{- $own := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) -}}
{{- toYaml (mergeOverwrite $own (deepCopy .Values.securityContext)) -}}
{{- end -}}

{{/* How a monitor scrapes the port `http`. */}}
{{- define "token-deployer.scrape" -}}
port: http
path: /metrics
interval: {{ .interval }}
{{- with .scrapeTimeout }}
scrapeTimeout: {{ . }}
{{- end }}
{{- if .honorLabels }}
honorLabels: true
{{- end }}
{{- with .relabelings }}
relabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The secret variables that are used, with their keys. Tokens count only when the operator API is on. */}}
{{- define "token-deployer.secretKeys" -}}
{{- $keys := dict -}}
{{- range $name, $key := .Values.secrets.keys -}}
{{- if and $key (or $.Values.opsApi.enabled (not (hasPrefix "OPS_API_" $name))) -}}
{{- $_ := set $keys $name $key -}}
{{- end -}}
{{- end -}}
{{- toYaml $keys -}}
{{- end -}}

{{/* The secret with the list of tokens, where there is one to use. */}}
{{- define "token-deployer.tokenList" -}}
{{- if .Values.opsApi.enabled -}}{{ .Values.opsApi.tokenList.existingSecret }}{{- end -}}
{{- end -}}

{{- define "token-deployer.autoscaled" -}}
{{- if or .Values.autoscaling.hpa.enabled .Values.autoscaling.keda.enabled -}}true{{- end -}}
{{- end -}}
