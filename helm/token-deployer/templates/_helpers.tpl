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

{{/* The pod of `helm test`: not one of the service's, which a selector would take it for. */}}
{{- define "token-deployer.testLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: test
{{- end -}}

{{- define "token-deployer.serviceAccountName" -}}
{{- $made := ternary (include "token-deployer.fullname" .) "default" .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default $made -}}
{{- end -}}

{{- define "token-deployer.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Who a pod is, and where it may run. */}}
{{- define "token-deployer.placement" -}}
serviceAccountName: {{ include "token-deployer.serviceAccountName" . }}
automountServiceAccountToken: false
# Otherwise a service named `redis` would come in as REDIS_PORT and the like.
enableServiceLinks: false
{{- range $field := list "imagePullSecrets" "priorityClassName" "nodeSelector" "tolerations" "affinity" }}
{{- with get $.Values $field }}
{{ dict $field . | toYaml }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the restricted level of Pod Security asks of a pod. */}}
{{- define "token-deployer.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* And of a container; a read-only root is more than it asks. */}}
{{- define "token-deployer.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
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
